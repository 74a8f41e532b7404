import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `The background queues` {
    @Test func `is counted over all tenants, for a role that sees no rows of theirs`() async throws {
        let cast = try await Cast()
        let connection = try await waiting { try WaitingConnection(role: .login) }
        // The snapshot hides changes of other tests.
        try await connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ")
        let before = try await queues(connection)
        for client in [cast.alice.client, cast.charlie.client] {
            try await add(to: client, connection)
        }
        try await connection.script("SET LOCAL ROLE dashboard_app")
        let after = try await queues(connection)
        #expect(after.deliveries == before.deliveries + 4)
        #expect(after.thinningDays == before.thinningDays + 2)
        #expect(after.oldestDelivery == Timestamp(seconds: 1_000_000_000))
        let own = try await connection.rows(
            "SELECT (SELECT count(*) FROM webhook_deliveries) + (SELECT count(*) FROM history_days)")
        #expect(own[0].int(0) == 0)
        try await connection.script("ROLLBACK")
    }

    /// One that is due and one that is not; finished ones, and those that are too new, do not count.
    private func add(to client: ClientID, _ connection: WaitingConnection) async throws {
        _ = try await connection.rows(
            """
            INSERT INTO webhook_deliveries
                (client_id, kind, incident_id, created_at, next_attempt_at, delivered_at, gave_up_at)
            SELECT \(client), 'bot_offline', number, to_timestamp(1000000000) + number * interval '1 s',
                   now() + number * interval '1 h', CASE WHEN number = 2 THEN now() END,
                   CASE WHEN number = 3 THEN now() END
              FROM generate_series(0, 3) AS number
            """)
        _ = try await connection.rows(
            """
            INSERT INTO history_days (client_id, day)
            SELECT \(client), (now() AT TIME ZONE 'UTC')::date - age FROM unnest(ARRAY[29, 30, 31]) AS age
            """)
    }

    private func queues(_ connection: WaitingConnection) async throws -> BackgroundQueues {
        let row = try await connection.rows(
            "SELECT deliveries, oldest_delivery, thinning_days FROM dashboard.background_queues()")[0]
        return BackgroundQueues(
            deliveries: row.int(0), oldestDelivery: row.optionalTimestamp(1), thinningDays: row.int(2))
    }
}
