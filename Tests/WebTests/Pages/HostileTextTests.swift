import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Names and captions come from people and other sites: no text may change the structure of a page.
@Suite struct `Hostile text` {
    /// A quote with a combining mark is one `Character`, and neither equal to a quote nor harmless as one.
    static let texts = [
        #""><script>alert(1)</script>"#, "\"\u{301}><img src=x onerror=alert(1)>", "'\u{301} onmouseover='alert(1)",
        "<\u{338}b>&amp;<!--", "\u{202E}gnp.exe\u{2066}", "</title></option></select><b>",
    ]

    let test = TestSite.shared

    @Test(arguments: texts)
    func `stays text on every page of a guild`(text: String) async throws {
        let access = try await admin(ofGuildCalled: text)
        let account = try await fill(access, with: text)
        let alice = try await test.signIn(access.user)
        let guild = "/guilds/\(access.guild)"
        for (path, query) in [
            ("/", ""), (guild, ""), ("\(guild)/tracking/accounts", ""), ("\(guild)/accounts/\(account)", ""),
            ("\(guild)/tracking/posts", ""), ("\(guild)/tracking/brands", ""),
            ("\(guild)/tracking/posts", "q=\(PercentCoding.encode(text))&from=2020-01-01"),
            ("\(guild)/tracking/accounts", "q=\(PercentCoding.encode(text))"),
        ] {
            let page = await test.ask(.get, path, query: query, as: alice)
            #expect(page.status == 200, "\(path)?\(query)")
            #expect(Self.isHarmless(page.text), "\(path)?\(query)")
            #expect(page.text.utf8.contains(Self.escaped(text)), "\(path)?\(query) does not show it")
        }
    }

    @Test(arguments: texts)
    func `stays text in the error of a bad request`(text: String) async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let page = await test.ask(
            .get, "/guilds/\(cast.alice.guild)/usage", query: "from=\(PercentCoding.encode(text))", as: alice)
        #expect(page.status == 400)
        #expect(Self.isHarmless(page.text))
    }

    @Test func `is never the address of a link`() async throws {
        let cast = try await Cast()
        let account = try await fill(cast.alice, with: "x")
        let access = cast.alice
        _ = try await ask { database in
            try await database.rows(
                [
                    "UPDATE client_accounts SET url = 'https://a.example/\"onclick=1' WHERE client_id = \(access.client)",
                    "UPDATE posts SET url = 'https://a.example/<b>' WHERE client_id = \(access.client)",
                ], in: access)
        }
        let alice = try await test.signIn(cast.alice.user)
        for path in ["/guilds/\(access.guild)/accounts/\(account)", "/guilds/\(access.guild)/tracking/posts"] {
            let page = await test.ask(.get, path, as: alice).text
            #expect(!page.contains("\"onclick") && !page.contains("<b>"), "\(path)")
        }
        #expect(OutsideLink("javascript:alert(1)") == nil)
        #expect(OutsideLink("https://a.example/\u{202E}") == nil)
    }

    // MARK: Support

    private func admin(ofGuildCalled name: String) async throws -> GuildAccess {
        let (guild, user) = (GuildID(number: Cast.number()), UserID(number: Cast.number()))
        let client = try await Cast.register(guild, name)
        try await Cast.enter(user, "someone", guild, permissions: .administrator)
        return try Cast.access(user, client, guild, .admin)
    }

    private func fill(_ access: GuildAccess, with text: String) async throws -> ClientAccountID {
        let seed = Seed(access)
        let group = try await seed.group("\(text) group", of: try await seed.brand("\(text) brand"))
        let account = try await seed.account("handle", in: group, displayName: text, status: .private)
        _ = try await seed.post(text, by: account, views: 5, posted: .hours(1))
        return account
    }

    /// Bytes, since a combining mark hides a sign from a search by characters.
    private static func isHarmless(_ page: String) -> Bool {
        ["<script>", "<img src=x", "<b>", "<!--", "<\u{338}", "\"\u{301}", "'\u{301}"].allSatisfy { text in
            !page.utf8.contains(Array(text.utf8))
        }
    }

    private static func escaped(_ text: String) -> [UInt8] {
        var html = HTML(capacity: 64)
        html.text(text)
        return html.finish().array
    }
}

extension Collection<UInt8> {
    func contains(_ other: [UInt8]) -> Bool {
        let bytes = Array(self)
        guard other.count <= bytes.count, let first = other.first else { return other.isEmpty }
        return bytes.indices.dropLast(other.count - 1).contains { start in
            bytes[start] == first && bytes[start..<start + other.count].elementsEqual(other)
        }
    }
}
