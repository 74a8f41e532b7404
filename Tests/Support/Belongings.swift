package import Domain
import Formats
internal import Persistence

/// A tenant's rows in every table that requests can reach, by the names of their ids in paths and queries.
package struct Belongings: Sendable {
    /// Part of each of their texts, and of no other tenant's.
    package let mark: String
    package let ids: [String: String]

    /// Two of everything, so that lists of one item a page go on.
    package static func fill(_ access: GuildAccess) async throws -> Belongings {
        let mark = "Secret\(Cast.number())"
        let seed = Seed(access)
        let brand = try await seed.brand("\(mark) brand")
        let group = try await seed.group("\(mark) group", of: brand)
        _ = try await seed.group("\(mark) other group", of: try await seed.brand("\(mark) other brand"))
        let account = try await seed.account("\(mark)", in: group, displayName: mark, followers: 5)
        _ = try await seed.account("\(mark)2", in: group)
        _ = try await seed.post("\(mark) post", by: account, views: 10, posted: .hours(1))
        _ = try await seed.post("\(mark) other post", by: account, views: 20, posted: .hours(2))
        try await seed.measure(account, followers: 5, .hours(1))
        try await seed.usage(CalendarDay(number: 20_000), requests: 5)
        try await seed.queue(3)
        try await seed.guest(UserID(number: Cast.number()))
        let guest = try await ask { try await $0.rows("SELECT id FROM guild_guests", in: access)[0].int(0) }
        let key = try await seed.key("\(mark) key")
        for number in 1...2 { try await seed.audit("\(mark) \(number)") }
        try await seed.rejectedItem("\(mark) item")
        return Belongings(
            mark: mark,
            ids: [
                "brand": "\(brand)", "group": "\(group)", "account": "\(account)", "accountId": "\(account)",
                "guestId": "\(guest)", "keyId": "\(key)",
                "brandId": "\(brand)", "groupId": "\(group)",
            ])
    }

    /// Rows in every other table, also in those without tenants.
    package static func fillTheRest(_ access: GuildAccess) async throws {
        let seed = Seed(access)
        let post: PostID = try await ask {
            try await $0.rows("SELECT id FROM posts ORDER BY id LIMIT 1", in: access)[0].id(0)
        }
        for day in 1...3 { try await seed.measure(post, views: Int64(day), .days(4 - day)) }
        let owner = try WaitingConnection(role: .login)
        try await owner.script("SET search_path = dashboard")
        let statements: [SQL] = [
            "SELECT bot.heartbeat(version => '1.0', latency_ms => 20)",
            "SELECT bot.heartbeat(status => 'degraded')",
            """
            INSERT INTO bot_health_rollups (instance, resolution, starts_at, beats, online_seconds, degraded_seconds)
            VALUES (1, 'minute', date_trunc('minute', now()) - interval '1 hour', 2, 50, 10)
            """,
            "INSERT INTO history_days (client_id, day) VALUES (\(access.client), now()::date) ON CONFLICT DO NOTHING",
            """
            INSERT INTO webhook_deliveries (client_id, kind, incident_id)
            SELECT \(access.client), 'bot_offline', id FROM bot_incidents LIMIT 1
            """,
            """
            INSERT INTO oauth_states (state_hash, browser_hash, code_verifier, expires_at)
            VALUES (sha256('a'), sha256('b'), repeat('v', 43), now())
            """,
            """
            INSERT INTO idempotency_keys (user_id, key_hash, request_hash)
            VALUES (\(access.user), sha256('a'), sha256('b'))
            """,
            """
            INSERT INTO past_handles (client_id, platform, handle_key, until, account_id)
            SELECT client_id, platform, handle_key, now(), id FROM client_accounts WHERE client_id = \(access.client)
            """,
            "INSERT INTO rejection_counts (counted_for, reason, total) VALUES (1, 'no_json', 2)",
            "INSERT INTO api_signatures (key_id, signature, expires_at) SELECT id, 'x', now() FROM api_keys LIMIT 1",
            """
            INSERT INTO dashboard_sessions (user_id, refresh_hash, expires_at, absolute_expires_at)
            VALUES (\(access.user), sha256('c'), now() + interval '1 day', now() + interval '1 day')
            """,
        ]
        for statement in statements { _ = try await owner.rows(statement) }
    }

    /// A line for each table with tenants: the number of rows of this one, and a hash of their content.
    package static func checksums(of access: GuildAccess) async throws -> String {
        try await ask { database in
            try await database.rows(
                """
                SELECT string_agg(relname || ' ' || (xpath('/row/sum/text()', content))[1]::text, E'\\n' ORDER BY relname)
                  FROM (SELECT relname, query_to_xml(format(
                                   'SELECT count(*) || '' '' || coalesce(md5(string_agg(each::text, '';''
                                           ORDER BY each::text)), '''') AS sum FROM dashboard.%I AS each', relname),
                                   true, true, '') AS content
                          FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                         WHERE relnamespace = 'dashboard'::regnamespace AND relkind IN ('r', 'p')
                           AND NOT relispartition AND attname = 'client_id' AND NOT attisdropped) AS tables
                """, in: access)[0].text(0)
        }
    }
}
