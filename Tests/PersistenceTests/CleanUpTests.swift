import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `Cleaning up` {
    @Test func `leaves sessions for seven days after their end`() async throws {
        let (cast, inspector) = (try await Cast(), try await Inspector())
        let user = cast.alice.user
        _ = try await inspector.connection.rows(
            """
            INSERT INTO dashboard_sessions (user_id, refresh_hash, user_agent, expires_at, absolute_expires_at)
            SELECT \(user), sha256(gen_random_uuid()::text::bytea), name, now() + hours * interval '1 hour',
                   now() + interval '90 days'
              FROM (VALUES ('a month left', 719), ('an hour left', 1), ('just ended', -1), ('ended 167 h ago', -167),
                           ('ended 169 h ago', -169)) AS sessions (name, hours)
            """)
        try await ask { try await CleanUp.run($0) }
        let left = try await inspector.text(
            "SELECT string_agg(user_agent, ', ' ORDER BY user_agent) FROM dashboard_sessions WHERE user_id = \(user)")
        #expect(left == "a month left, an hour left, ended 167 h ago, just ended")
    }

    @Test func `keeps the state of a sign-in for an hour after it expires`() async throws {
        let inspector = try await Inspector()
        let mark = "of-the-test-of-cleaning-up-\(Cast.number())-"
        _ = try await inspector.connection.rows(
            """
            INSERT INTO oauth_states (state_hash, browser_hash, code_verifier, expires_at)
            SELECT sha256(gen_random_uuid()::text::bytea), sha256('browser'), rpad(\(mark), 60, '-') || name,
                   now() + minutes * interval '1 minute'
              FROM (VALUES ('A', 9), ('B', -1), ('C', -59), ('D', -61)) AS states (name, minutes)
            """)
        try await ask { try await CleanUp.run($0) }
        let left = try await inspector.text(
            """
            SELECT string_agg(right(code_verifier, 1), '' ORDER BY code_verifier) FROM oauth_states
             WHERE starts_with(code_verifier, \(mark))
            """)
        #expect(left == "ABC")
    }

    @Test func `makes the partitions of this month and the next three, and moves rows there`() async throws {
        try await TestDatabase.$own.withValue(try await TestDatabase.another("partitions")) {
            let owner = try WaitingConnection(role: .login)
            try await owner.script(
                """
                SET search_path = dashboard;
                SET app.scope = 'all';
                DO $$
                DECLARE
                    each record;
                BEGIN
                    FOR each IN SELECT inhrelid::regclass AS name FROM pg_inherits
                        WHERE inhparent IN ('post_metrics'::regclass, 'account_metrics'::regclass)
                            AND inhrelid::regclass::text NOT LIKE '%default'
                    LOOP
                        EXECUTE format('DROP TABLE %s', each.name);
                    END LOOP;
                END
                $$
                """)
            let seed = Seed(try await Cast().alice)
            let account = try await seed.account("one", in: try await seed.group("Group"))
            try await seed.measure(account, followers: 3, .now)
            try await seed.measure(try await seed.post("first", by: account), views: 4, .now)
            let places: SQL = """
                SELECT (SELECT tableoid::regclass::text FROM post_metrics) || ' '
                       || (SELECT tableoid::regclass::text FROM account_metrics)
                """
            #expect(try await owner.rows(places)[0].text(0) == "post_metrics_default account_metrics_default")

            try await ask { try await CleanUp.makePartitions($0) }
            let months = try await owner.rows(
                """
                SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month', 'YYYY_MM')
                  FROM generate_series(0, 3) AS n
                """
            ).map { $0.text(0) }
            let made = try await owner.rows(
                """
                SELECT inhrelid::regclass::text FROM pg_inherits
                 WHERE inhparent IN ('post_metrics'::regclass, 'account_metrics'::regclass) ORDER BY 1
                """
            ).map { $0.text(0) }
            let wanted = ["account_metrics", "post_metrics"].flatMap { table in
                (months + ["default"]).map { "\(table)_\($0)" }
            }
            #expect(made == wanted.sorted())
            #expect(try await owner.rows(places)[0].text(0) == "post_metrics_\(months[0]) account_metrics_\(months[0])")
            #expect(try await owner.rows("SELECT dashboard.make_metric_partitions()")[0].int(0) == 0)
        }
    }
}
