import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite(.serialized) struct `Reporting accounts` {
    private func item(_ handle: String, _ day: Int, _ more: String = "") -> String {
        "{\"platform\":\"youtube\",\"handle\":\"\(handle)\",\"measuredAt\":\"2026-04-0\(day)T00:00:00Z\"\(more)}"
    }

    @Test func `makes accounts, brands and groups once, and audits the batch as one entry`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        let more =
            ",\"brand\":\"Aurora\",\"group\":\"Glow\",\"followers\":5,\"externalId\":\"UC1\",\"status\":\"private\""
        let batch = "[\(item("lena", 1, more)),\(item("marco", 1))]"
        #expect(try await bot.accounts(batch) == stored(2))
        let before = try await inspector.checksum(of: cast.alice.client)
        #expect(try await bot.accounts(batch) == stored(0, unchanged: 2))
        #expect(try await inspector.checksum(of: cast.alice.client) == before)
        let entries = try await AuditTrail.entries(of: cast.alice.client).filter { $0.action == "accounts.reported" }
        #expect(
            entries == [
                AuditTrail.Entry(
                    "accounts.reported", by: nil, on: "\(cast.alice.guild)",
                    changes: """
                        {"brands": [null, 2], "groups": [null, 2], "accounts": [null, 2], \
                        "newAccounts": {"to": ["lena", "marco"], "from": null}}
                        """, source: "bot", address: nil)
            ])
    }

    @Test func `follows an account to its new handle by its id, and audits that`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        _ = try await bot.accounts("[\(item("before", 1, ",\"externalId\":\"UC1\""))]")
        #expect(
            try await bot.accounts("[\(item("after", 2, ",\"externalId\":\"UC1\",\"status\":\"private\""))]")
                == stored(1))
        #expect(try await bot.accounts("[\(item("before", 1, ",\"externalId\":\"UC1\""))]") == stored(0, unchanged: 1))
        #expect(
            try await inspector.text(
                "SELECT string_agg(handle || ' ' || status, ',') FROM client_accounts WHERE client_id = \(cast.alice.client)"
            )
                == "after private")
        let last = try await AuditTrail.entries(of: cast.alice.client).last
        #expect(
            last?.changes
                == "{\"handles\": [[\"before\"], [\"after\"]], \"statuses\": [[\"after: active\"], [\"after: private\"]]}"
        )
    }

    @Test func `audits a new name, address and id of a known account`() async throws {
        let cast = try await Cast()
        let bot = try BotWriter(cast.alice.guild)
        _ = try await bot.accounts("[\(item("acme", 1, ",\"displayName\":\"Old\""))]")
        let before = try await AuditTrail.entries(of: cast.alice.client).count
        let more = ",\"displayName\":\"New\",\"url\":\"https://x.example/a\",\"externalId\":\"UC1\""
        #expect(try await bot.accounts("[\(item("acme", 2, more))]") == stored(1))
        _ = try await bot.accounts("[\(item("acme", 3, more))]")
        let entries = try await AuditTrail.entries(of: cast.alice.client)
        #expect(entries.count == before + 1)
        let changes = entries.last?.changes ?? ""
        #expect(changes.contains(#""displayNames": [["acme: Old"], ["acme: New"]]"#))
        #expect(changes.contains(#""urls": [["acme: "], ["acme: https://x.example/a"]]"#))
        #expect(changes.contains(#""externalIds": [["acme: "], ["acme: UC1"]]"#))
    }

    @Test func `refuses a handle that another account has at the same moment`() async throws {
        let cast = try await Cast()
        let bot = try BotWriter(cast.alice.guild)
        let both = "[\(item("one", 1, ",\"externalId\":\"UC1\"")),\(item("two", 1, ",\"externalId\":\"UC2\""))]"
        #expect(try await bot.accounts(both) == stored(2))
        for more in [",\"externalId\":\"UC1\"", ",\"externalId\":\"UC3\""] {
            #expect(
                try await bot.accounts("[\(item("two", 1, more))]")
                    == stored(
                        0,
                        rejected:
                            "[{\"field\": \"handle\", \"index\": 0, \"message\": \"belongs to another account of this server\"}]"
                    ))
        }
    }

    @Test func `an edit on a page holds until a later measurement`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        _ = try await bot.accounts("[\(item("lena", 1, ",\"displayName\":\"Lena\""))]")
        _ = try await ask {
            try await $0.rows(
                "UPDATE client_accounts SET display_name = 'Edited' WHERE client_id = \(cast.alice.client)",
                in: cast.alice)
        }
        _ = try await bot.accounts("[\(item("lena", 2, ",\"displayName\":\"Lena\""))]")
        #expect(
            try await inspector.text("SELECT display_name FROM client_accounts WHERE client_id = \(cast.alice.client)")
                == "Edited")
    }

    static let faults: [(field: String, more: String)] = [
        ("status", ",\"status\":\"gone\""), ("followers", ",\"followers\":-1.5"), ("followers", ",\"followers\":2.5"),
        ("brand", ",\"group\":\"without a brand\""), ("brand", ",\"brand\":\" a\""),
        ("group", ",\"brand\":\"a\",\"group\":7"),
        ("displayName", ",\"displayName\":\"a\\nb\""), ("url", ",\"url\":\"ftp://a\""),
        ("externalId", ",\"externalId\":{}"), ("notes", ",\"notes\":\"x\""),
    ]

    @Test(arguments: faults) func `finds the error of an item`(field: String, more: String) async throws {
        let bot = try BotWriter(try await Cast().alice.guild)
        let answer = try await bot.accounts("[\(item("good", 1)),\(item("bad", 1, more))]")
        #expect(
            answer.hasPrefix("{\"stored\": 1, \"rejected\": [{\"field\": \"\(field)\", \"index\": 1, "), "\(answer)")
    }

    /// As many accounts as a batch has, each with the longest texts that are taken, in characters that JSON escapes.
    static func longest(_ day: Int, _ mark: String) -> String {
        let name = String(repeating: #"\"#, count: 199) + mark
        let items = (0..<1_000).map { index in
            let handle = "h\(index)" + String(repeating: "x", count: 94)
            let url = "https://e.example/\(mark)/" + String(repeating: "u", count: 200)
            return """
                {"platform":"youtube","handle":"\(handle)","displayName":"\(name.replacing("\\", with: "\\\\"))",\
                "url":"\(url)","measuredAt":"2026-04-0\(day)T00:00:00Z"}
                """
        }
        return "[" + items.joined(separator: ",") + "]"
    }

    @Test
    func `stores a batch with more changes than an audit entry takes, which counts the omitted`()
        async throws
    {
        let cast = try await Cast()
        let bot = try BotWriter(cast.alice.guild)
        #expect(try await bot.accounts(Self.longest(1, "a")) == stored(1_000))
        #expect(try await bot.accounts(Self.longest(2, "b")) == stored(1_000))
        let entry = try #require(try await AuditTrail.entries(of: cast.alice.client).last)
        #expect(entry.action == "accounts.reported")
        #expect((15_000...20_000).contains(entry.changes.unicodeScalars.count))
        let changes = try JSONParser.parse(Array(entry.changes.utf8))
        let (names, urls) = (changes["displayNames"]?.array, changes["urls"]?.array)
        let kept = try #require(names?.first?.array?.count)
        #expect(names?.map { $0.array?.count } == [kept, kept] && urls?.map { $0.array?.count } == [kept, kept])
        #expect(changes["omitted"]?.int64 == Int64(2 * (1_000 - kept)))
        let isSound = try await waiting { [client = cast.alice.client] in
            let chains = try AuditChains(
                BlockingConnection(
                    ConnectionSettings(address: TestDatabase.shared.address, role: .owner, name: "tests")))
            return try chains.verdict(of: try #require(try chains.names().first { $0.client == client })).isSound
        }
        #expect(isSound)
    }
}
