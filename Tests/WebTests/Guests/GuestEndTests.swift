import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `The end of a guest's access` {
    let test = TestSite.shared

    @Test func `comes at the expiry, for cached sessions too, and the session stays`() async throws {
        let another = await TestSite.another
        let cast = try await Cast()
        let charlie = try await test.signIn(cast.charlie.user)
        try await Seed(cast.alice).guest(cast.charlie.user, endsIn: 6)
        let stream = try #require(await OpenStream.open(in: cast.alice.guild, as: charlie, another))
        #expect(await another.ask(.get, "/api/v1/guilds/\(cast.alice.guild)", as: charlie).status == 200)
        // 6 seconds until then.
        #expect(await stream.ended(within: .seconds(8)))
        #expect(await another.ask(.get, "/api/v1/guilds/\(cast.alice.guild)", as: charlie).status == 404)
        #expect(await another.ask(.get, "/api/v1/guilds/\(cast.charlie.guild)", as: charlie).status == 200)
    }

    @Test func `reaches other processes when an admin revokes it`() async throws {
        let another = await TestSite.another
        let cast = try await Cast()
        let (alice, charlie) = (try await test.enter(cast.alice.user), try await test.signIn(cast.charlie.user))
        try await Seed(cast.alice).guest(cast.charlie.user)
        let stream = try #require(await OpenStream.open(in: cast.alice.guild, as: charlie, another))
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)/access", headers: [("Cookie", test.cookie(alice))])
        let form = try #require(page.text.firstRange(of: "/access/").map { page.text[$0.upperBound...] })
        let id = form.prefix { $0.isNumber }
        let answer = await test.submit("/guilds/\(cast.alice.guild)/access/\(id)/end", as: alice)
        #expect(answer.header("Location") == "/guilds/\(cast.alice.guild)/access?done=ended")
        #expect(await stream.ended())
        #expect(await another.ask(.get, "/api/v1/guilds/\(cast.alice.guild)", as: charlie).status == 404)
    }
}

@Suite struct `The page of guests` {
    let test = TestSite.shared

    @Test func `adds a guest by its form, and shows errors beside the fields`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let path = "/guilds/\(cast.alice.guild)/access"
        let wrong = await test.submit(path, [("userId", "<b>me"), ("level", "admin"), ("hours", "24")], as: alice)
        #expect(wrong.status == 422)
        #expect(wrong.text.contains(#"value="&lt;b&gt;me""#) && wrong.text.contains("17 to 19 digits"))
        let fields = [("userId", "\(cast.charlie.user)"), ("level", "viewer"), ("hours", "24")]
        #expect(await test.submit(path, fields, as: alice).header("Location") == "\(path)?done=given")
        let again = await test.submit(path, fields, as: alice)
        #expect(again.status == 409)
        #expect(again.text.contains("This person is a guest already"))
        #expect(again.text.contains("charlie"))
    }

    @Test func `is found by admins only, and has no form for guests`() async throws {
        let cast = try await Cast()
        let link = #"href="/guilds/\#(cast.alice.guild)/access""#
        let form = #"action="/guilds/\#(cast.alice.guild)/access""#
        let page = "/guilds/\(cast.alice.guild)/access"
        let bob = await test.ask(
            .get, "/guilds/\(cast.alice.guild)", as: try await test.signIn(cast.bob.user))
        #expect(bob.status == 200 && !bob.text.contains(link))
        let alice = await test.ask(.get, page, as: try await test.signIn(cast.alice.user))
        #expect(alice.text.contains(link) && alice.text.contains(form))
        try await Seed(cast.alice).guest(cast.charlie.user, .admin)
        let charlie = await test.ask(.get, page, as: try await test.signIn(cast.charlie.user))
        #expect(charlie.status == 200 && !charlie.text.contains(form))
    }
}
