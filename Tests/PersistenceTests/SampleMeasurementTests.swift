import Domain
import Persistence
import TestKit
import Testing

@Suite struct `The demo's simulated bot` {
    @Test func `lets likes follow the views of a new post`() async throws {
        let database = try await TestDatabase.another("sample_measurements")
        let address = database.address
        try await TestDatabase.$own.withValue(database) {
            let seed = Seed(try await Cast().alice)
            let account = try await seed.account("ana", in: try await seed.group("Group"))
            for number in 1...40 { _ = try await seed.post("\(number)", by: account, views: 5, posted: .hours(1)) }
        }
        let (grown, unlikely, likes) = try await waiting {
            let bot = try SampleMeasurements(bot: address, owner: address)
            for _ in 1...20 { try bot.write() }
            let owner = try BlockingConnection(ConnectionSettings(address: address, role: .login, name: "tests"))
            func count(_ condition: SQL) throws -> Int {
                try owner.rows("SELECT count(*) FROM dashboard.posts WHERE \(condition)").only("count(*)", of: "posts")
            }
            return (
                try count("views > 5"), try count("likes + comments + shares > views * 0.15 + 1"),
                try count("likes > 0")
            )
        }
        #expect(grown >= 10 && unlikely == 0 && likes > 0)
    }
}
