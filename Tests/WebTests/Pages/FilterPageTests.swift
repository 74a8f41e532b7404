import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `A page with an invalid filter` {
    let test = TestSite.shared

    @Test(arguments: [
        ("usage", "from=2026-02-01&to=2026-01-01", "From must not be after the last day, 2026-01-01."),
        ("usage", "from=2024-02-01&to=2026-01-01", "From must be at most 365 days before the last day, 2026-01-01."),
        ("audit", "from=2026-02-01&to=2026-01-01", "From must not be after the last day, 2026-01-01."),
        ("tracking/posts", "from=2026-02-01&to=2026-01-01", "From must not be after the last day, 2026-01-01."),
    ])
    func `shows the error beside the field`(page: String, query: String, fault: String) async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let answer = await test.ask(.get, "/guilds/\(cast.alice.guild)/\(page)", query: query, as: alice)
        #expect(answer.status == 422)
        for text in [
            #"<span class="error" id="e-from">\#(fault)</span>"#, #"aria-invalid="true" aria-describedby="e-from""#,
            #"name="to" value="2026-01-01""#, "A filter is invalid", #"data-region="filters""#,
        ] { #expect(answer.text.contains(text), "\(text)") }
    }

    @Test func `keeps the navigation of the server on errors`() async throws {
        let cast = try await Cast()
        let tokens = try await test.enter(cast.alice.user)
        let guild = "/guilds/\(cast.alice.guild)"
        for (path, query, status) in [
            ("\(guild)/accounts/999999999", "", 404), ("\(guild)/tracking/accounts", "limit=x", 400),
        ] {
            let answer = await test.ask(.get, path, query: query, headers: [("Cookie", test.cookie(tokens))])
            #expect(answer.status == status)
            #expect(answer.text.contains(#"href="\#(guild)/tracking/accounts""#), "\(path)")
        }
        // Nothing about a server that the person cannot open.
        let other = "/guilds/\(cast.charlie.guild)"
        let foreign = await test.ask(.get, "\(other)/usage", headers: [("Cookie", test.cookie(tokens))])
        #expect(foreign.status == 404 && !foreign.text.contains("\(other)/tracking"))
    }

    @Test func `turns the order around at the second click`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("Group")
        for (handle, followers) in [("a", Int64(1)), ("b", 3), ("c", 2)] {
            _ = try await seed.account(handle, in: group, followers: followers)
        }
        let alice = try await test.signIn(cast.alice.user)
        let list = "/guilds/\(cast.alice.guild)/tracking/accounts"
        let first = await test.ask(.get, list, query: "sort=followers", as: alice).text
        #expect(first.contains("sort=followers&amp;order=asc") && first.contains("most followers first"))
        let second = await test.ask(.get, list, query: "sort=followers&order=asc", as: alice).text
        #expect(second.contains(#"aria-sort="ascending""#) && second.contains("sort=followers&amp;order=desc"))
        #expect(second.contains(#"<input type="hidden" name="order" value="asc">"#))
        let api = "/api/v1/guilds/\(cast.alice.guild)/accounts"
        for (query, handles) in [
            ("sort=followers", ["b", "c", "a"]), ("sort=followers&order=asc", ["a", "c", "b"]),
            ("order=desc", ["c", "b", "a"]),
        ] {
            let items = try await test.ask(.get, api, query: query, as: alice).parsed()["items"]?.array ?? []
            #expect(items.map { $0["handle"]?.string } == handles)
        }
    }
}
