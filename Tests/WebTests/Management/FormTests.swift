import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `A form of two admins` {
    let test = TestSite.shared

    /// The fields of the page's form, as a browser would send them.
    private func fields(_ html: String) -> [(String, String)] {
        html.matches(of: /<input type="hidden" name="([^"]+)" value="([^"]*)"/).map { (String($0.1), String($0.2)) }
            .filter { $0.0 != FormToken.field }
    }

    private func page(_ path: String, as tokens: TokenPair) async -> Response {
        await test.ask(.get, path, headers: [("Cookie", test.cookie(tokens))])
    }

    @Test func `keeps the first one's fields if the second saves after the comparison`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let seed = Seed(cast.alice)
        let (spain, france) = (try await seed.group("Spain"), try await seed.group("France"))
        let manager = try await Manager(cast.alice)
        let made = try await manager.add(
            "accounts",
            #"{"platform":"x","handle":"ana","groupId":"\#(spain)","displayName":"Ana","notes":"one\ntwo"}"#)
        let account = try #require(made["id"]?.string)
        let edit = "/guilds/\(cast.alice.guild)/accounts/\(account)/edit"
        let opened = fields(await page(edit, as: alice).text)
        #expect(Set(opened.map(\.0)).isSuperset(of: ["version", "was-notes", "was-groupId", "was-handle"]))
        #expect(opened.contains { $0.0 == "was-notes" && $0.1 == "one\ntwo" })
        let theirs = await manager.send(
            .patch, "accounts/\(account)", #"{"notes":"theirs","groupId":"\#(france)","displayName":"Theirs"}"#)
        #expect(theirs.status == 200)
        func typed(_ notes: String, _ group: AccountGroupID) -> [(String, String)] {
            [
                ("handle", "ana"), ("groupId", "\(group)"), ("displayName", "Mine"), ("url", ""),
                ("status", "active"), ("notes", notes),
            ]
        }
        // Browsers send line breaks as CR LF, also those of hidden fields.
        let sent = opened.map { ($0.0, $0.1.replacing("\n", with: "\r\n")) }
        let refused = await test.submit(edit, typed("one\r\ntwo", spain) + sent, as: alice)
        #expect(refused.status == 412)
        let text = refused.text
        #expect(text.contains("\ntheirs</textarea>") && text.contains(#"value="Mine""#))
        #expect(text.contains(#"<option value="\#(france)" selected>"#))
        for row in [
            #"<strong>Notes</strong></th>"#, #"<strong>Group</strong></th>"#,
            #"<strong>Display name</strong><span class="sub">Both of you changed it.</span></th>"#,
        ] { #expect(text.contains(row), "\(row)") }
        #expect(!text.contains("<strong>Handle</strong>") && !text.contains("<bdi>\(france)</bdi>"))
        let saved = await test.submit(edit, typed("theirs", france) + fields(text), as: alice)
        #expect(saved.status == 303)
        let now = try await manager.send(.get, "accounts/\(account)").parsed()
        #expect(now["notes"]?.string == "theirs" && now["displayName"]?.string == "Mine")
        #expect(now["group"]?["id"]?.string == "\(france)")
    }

    @Test func `is carried out once if its button is clicked twice`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let manager = try await Manager(cast.alice)
        let address = "/guilds/\(cast.alice.guild)/brands/new"
        let proof = test.formToken(of: alice)
        let answers = await withTaskGroup(of: Response.self) { group in
            for _ in 1...3 {
                group.addTask { await test.submit(address, [("name", "Twice")], as: alice, proof: proof) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map(\.status) == [303, 303, 303])
        #expect(Set(answers.compactMap { $0.header("Location") }).count == 1)
        #expect(try await manager.entries().map(\.action) == ["brand.created"])
        // The same page with other input, as after the back button, is another form.
        #expect(await test.submit(address, [("name", "Other")], as: alice, proof: proof).status == 303)
        #expect(try await manager.entries().count == 2)
        // An error is not repeated: the form may be valid by then.
        let refused = await test.submit("\(address)", [("name", "Twice ")], as: alice, proof: proof)
        #expect(refused.status == 409)
        #expect(await test.submit("\(address)", [("name", "Twice ")], as: alice, proof: proof).status == 409)
    }
}
