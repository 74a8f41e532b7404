import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite(.serialized) struct `The order of reports` {
    /// Reports that agree and disagree, at the same and at different times.
    private static let accounts: [String] = (0..<60).map { number in
        let fields = [
            ",\"followers\":\(number * 7 % 40)", ",\"status\":\"\(["active", "private", "error"][number % 3])\"",
            ",\"displayName\":\"Name \(number % 4)\"", ",\"url\":\"https://example.com/\(number % 5)\"",
        ]
        return """
            {"platform":"x","handle":"h\(number % 6)\(number % 4 == 0 ? "new" : "")","externalId":"e\(number % 6)",\
            "brand":"B","group":"G","measuredAt":"2026-05-0\(1 + number % 9)T00:00:00Z"\
            \(fields[number % 4])\(fields[(number / 4) % 4 == number % 4 ? (number + 1) % 4 : (number / 4) % 4])}
            """
    }

    private static let posts: [String] = (0..<200).map { number in
        """
        {"platform":"x","accountExternalId":"e\(number % 6)","externalId":"p\(number % 30)",\
        "postedAt":"2026-04-01T00:00:00Z","views":\(number * 13 % 50),"likes":\(number % 7),\
        "measuredAt":"2026-05-0\(1 + number * 7 % 9)T00:00:00Z"\
        \(number % 3 == 0 ? ",\"caption\":\"c\(number % 11)\"" : "")\
        \(number % 5 == 0 ? ",\"url\":\"https://example.com/\(number % 4)\"" : "")}
        """
    }

    private func batches(_ items: [String], of size: Int) -> [String] {
        stride(from: 0, to: items.count, by: size).map {
            "[" + items[$0..<min($0 + size, items.count)].joined(separator: ",") + "]"
        }
    }

    @Test(arguments: 0..<6) func `does not change the result`(attempt: Int) async throws {
        let (first, second) = (try await Cast(), try await Cast())
        let (one, other) = (try BotWriter(first.alice.guild), try BotWriter(second.alice.guild))
        _ = try await one.accounts(batches(Self.accounts, of: 1_000)[0])
        _ = try await one.posts(batches(Self.posts, of: 1_000)[0])
        let size = [1, 3, 7, 50][attempt % 4]
        for batch in batches(Self.accounts.shuffled(), of: size) { _ = try await other.accounts(batch) }
        for batch in batches(Self.posts.shuffled(), of: size) { _ = try await other.posts(batch) }
        let inspector = try await Inspector()
        #expect(try await inspector.state(of: first.alice.client) == inspector.state(of: second.alice.client))
    }

    @Test func `does not matter to parallel writers, which never deadlock`() async throws {
        let (alone, together) = (try await Cast(), try await Cast())
        let writer = try BotWriter(alone.alice.guild)
        _ = try await writer.accounts(batches(Self.accounts, of: 1_000)[0])
        let rounds = 20
        let guild = together.alice.guild
        try await withThrowingTaskGroup(of: Void.self) { group in
            for direction in [false, true] {
                group.addTask {
                    let bot = try BotWriter(guild)
                    for _ in 0..<rounds {
                        let accounts = direction ? Self.accounts : Self.accounts.reversed()
                        let posts = direction ? Self.posts : Self.posts.reversed()
                        _ = try await bot.accounts("[" + accounts.joined(separator: ",") + "]")
                        _ = try await bot.posts("[" + posts.joined(separator: ",") + "]")
                    }
                }
            }
            try await group.waitForAll()
        }
        _ = try await writer.posts(batches(Self.posts, of: 1_000)[0])
        let inspector = try await Inspector()
        #expect(try await inspector.state(of: alone.alice.client) == inspector.state(of: together.alice.client))
    }
}
