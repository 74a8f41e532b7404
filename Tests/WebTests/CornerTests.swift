import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Every page and endpoint, read from a database whose every column holds the most extreme values that the schema takes.
///
/// A trap ends the run of all tests, as it would end the service for all tenants.
@Suite(.serialized) struct `A database full of extremes` {
    /// Columns without extreme values, and why.
    private static let kept = [
        // Alice's identity and rights: everything is read in her name.
        "user_guilds.permissions", "user_guilds.owner", "guild_guests.level", "users.guilds_source_state",
        "users.guilds_read_at", "users.guilds_retry_at", "users.token_expires_at",
        // An expired key or access is not found.
        "api_keys.revoked_at", "api_keys.expires_at", "guild_guests.created_at", "guild_guests.ends_at",
        // Columns that distinguish rows. They are compared, not shown.
        "audit_heads.last_hash", "audit_heads.last_id", "audit_log.hash", "audit_log.previous_hash",
    ]
    /// Columns that only the type bounds: ids, which take part in no arithmetic.
    private static let boundedByType = [
        "api_keys.created_by", "audit_log.actor_id", "audit_log.guild_id", "guild_guests.granted_by",
        "guild_guests.user_id", "leadership.token", "rejected_items.key_id",
        "webhook_deliveries.incident_id",
    ]
    /// Columns limited to a list of words or to a shape.
    private static let words = [
        "api_keys.scopes", "audit_log.actor_type", "audit_log.source", "bot_health.state", "bot_health.status",
        "bot_incidents.reason", "bot_incidents.state", "client_accounts.status", "oauth_states.return_to",
        "rejected_items.batch", "webhook_deliveries.kind",
    ]

    @Test func `is read without a failure`() async throws {
        // Without this, its database would become the one of other tests.
        _ = TestSite.shared
        let database = try await TestDatabase.another("corners")
        try await TestDatabase.$own.withValue(database) { try await readAll() }
    }

    private func readAll() async throws {
        let test = TestSite()
        let cast = try await Cast()
        let belongings = try await Belongings.fill(cast.alice)
        try await Belongings.fillTheRest(cast.alice)
        let corners = try await Corners()
        #expect(try await corners.emptyTables() == [])
        let before = try await statuses(test, cast, belongings)
        #expect(before.values.allSatisfy { $0 < 500 }, "\(before)")
        for round in Corners.Round.allCases {
            try await corners.write(round, keeping: Self.kept)
            let after = try await statuses(test, cast, belongings)
            for (name, status) in after {
                #expect(status == before[name], "\(name) in the round \(round.rawValue)")
            }
        }
        let (untouched, unbounded) = (try await corners.untouched(), try await corners.unbounded())
        #expect(untouched == Self.words)
        #expect(unbounded == Self.boundedByType)
    }

    /// The answers of every endpoint that reads, and the next page of those that have one.
    private func statuses(_ test: TestSite, _ cast: Cast, _ belongings: Belongings) async throws -> [String: Int] {
        let alice = try await test.signIn(cast.alice.user)
        let key = try await NewAPIKey.makeForInstallation(APIScope.allCases)
        try await ask { try await test.site.world.live.refresh($0) }
        var found: [String: Int] = [:]
        for endpoint in Endpoints.all(isDemo: true) where endpoint.method == .get {
            let path = endpoint.path(in: cast.alice.guild, belongings.ids)
            if case .key = endpoint.access {
                var request = SignedRequest(path, with: key)
                request.method = .get
                found[endpoint.name] = await request.send(to: test).status
                continue
            }
            let answer = await test.ask(.get, path, as: alice)
            found[endpoint.name] = answer.status
            if let stream = OpenStream(answer) {
                #expect(await stream.firstEvent().contains("\n\nevent: status\n"), "\(endpoint.name)")
            }
            guard endpoint.parameters.contains(where: { $0.name.description == "cursor" }) else { continue }
            found[endpoint.name + " in pages"] = await lastStatus(test, path, alice)
        }
        return found
    }

    /// The status of the last of five pages of one item, or of the first one that failed.
    private func lastStatus(_ test: TestSite, _ path: String, _ alice: AccessToken) async -> Int {
        var query = "limit=1"
        for _ in 0..<5 {
            let page = await test.ask(.get, path, query: query, as: alice)
            guard page.status == 200,
                let cursor = page.text.firstMatch(of: /(?:nextCursor":"|cursor=)([A-Za-z0-9_-]+)/)?.1
            else { return page.status }
            query = "limit=1&cursor=\(cursor)"
        }
        return 200
    }
}
