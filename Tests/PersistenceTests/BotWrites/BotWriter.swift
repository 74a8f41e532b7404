import Domain
import Formats
import Persistence
import TestKit

/// A bot's connection, as the role `tracking_bot`, to one guild.
struct BotWriter {
    let connection: WaitingConnection
    let guild: GuildID

    init(_ guild: GuildID) throws {
        self.guild = guild
        connection = try WaitingConnection(signedInAs: "tracking_bot", role: .login)
    }

    func posts(_ batch: String) async throws -> String {
        try await connection.rows("SELECT bot.record_posts(\(guild), \(batch)::jsonb)::text")[0].text(0)
    }

    func accounts(_ batch: String) async throws -> String {
        try await connection.rows("SELECT bot.upsert_accounts(\(guild), \(batch)::jsonb)::text")[0].text(0)
    }

    /// The SQLSTATE and message of a refusal.
    func refusal(_ body: (BotWriter) async throws -> String) async -> String {
        do {
            return "answered " + (try await body(self))
        } catch DatabaseFailure.refused(let error) {
            return "\(error.state) \(error.message)"
        } catch {
            return "\(error)"
        }
    }

    /// So many accounts, `a0` and on, on TikTok.
    func prepareAccounts(_ count: Int) async throws {
        let items = (0..<count).map {
            "{\"platform\":\"tiktok\",\"handle\":\"a\($0)\",\"measuredAt\":\"2026-01-01T00:00:00Z\"}"
        }
        _ = try await accounts("[" + items.joined(separator: ",") + "]")
    }
}

/// One item of a batch of posts.
struct PostItem {
    var id = "p1"
    var handle = "a0"
    var views = "10"
    var measured = "2026-03-01T12:00:00Z"
    var more = ""

    var json: String {
        """
        {"platform":"tiktok","handle":"\(handle)","externalId":"\(id)","postedAt":"2026-02-01T00:00:00Z",\
        "views":\(views),"measuredAt":"\(measured)"\(more)}
        """
    }

    static func batch(_ items: [PostItem]) -> String { "[" + items.map(\.json).joined(separator: ",") + "]" }
}

func stored(_ count: Int, unchanged: Int = 0, rejected: String = "[]") -> String {
    "{\"stored\": \(count), \"rejected\": \(rejected), \"repaired\": 0, \"unchanged\": \(unchanged)}"
}

/// Reads everything, as the owner.
struct Inspector {
    let connection: WaitingConnection

    init() async throws {
        connection = try WaitingConnection(role: .owner)
        try await connection.script("SET app.scope = 'all'")
    }

    /// Every row of every table of the tenant, ids and times of writing too.
    func checksum(of client: ClientID) async throws -> String {
        try await connection.rows(
            """
            SELECT md5(string_agg(xml::text, '' ORDER BY name))
              FROM (SELECT c.relname AS name, query_to_xml(format(
                        'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM %I t WHERE client_id = %s',
                        c.relname, \(client)), false, false, '') AS xml
                      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id'
                     WHERE c.relnamespace = 'dashboard'::regnamespace AND c.relkind IN ('r', 'p')
                       -- The thinning, which another test may do at any time, works that off for all tenants.
                       AND NOT c.relispartition AND c.relname <> 'history_days') AS tables
            """)[0].text(0)
    }

    /// The measurements, without the ids and times of writing, which depend on the order.
    func state(of client: ClientID) async throws -> String {
        try await connection.rows(
            """
            SELECT md5(coalesce(string_agg(line, chr(10) ORDER BY line), '')) FROM (
                SELECT concat_ws('|', 'group', b.name, g.name) AS line FROM account_groups g
                  JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id WHERE g.client_id = \(client)
                UNION ALL
                SELECT concat_ws('|', 'account', platform, handle, handle_measured_at, external_id, display_name,
                           display_name_measured_at, url, url_measured_at, status, status_measured_at,
                           coalesce(followers, -1), followers_measured_at, last_post_at, post_count)
                  FROM client_accounts WHERE client_id = \(client)
                UNION ALL
                SELECT concat_ws('|', 'post', a.handle, p.platform, p.external_id, p.url, p.url_measured_at, p.caption,
                           p.caption_measured_at, p.posted_at, p.views, p.likes, p.comments, p.shares, p.measured_at)
                  FROM posts p JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id
                 WHERE p.client_id = \(client)
                UNION ALL
                SELECT concat_ws('|', 'point', p.external_id, m.measured_at, m.views, m.likes, m.comments, m.shares)
                  FROM post_metrics m JOIN posts p ON p.client_id = m.client_id AND p.id = m.post_id
                 WHERE m.client_id = \(client)
                UNION ALL
                SELECT concat_ws('|', 'followers', a.handle, m.measured_at, m.followers) FROM account_metrics m
                  JOIN client_accounts a ON a.client_id = m.client_id AND a.id = m.account_id
                 WHERE m.client_id = \(client)
            ) AS lines
            """)[0].text(0)
    }

    func number(_ statement: SQL) async throws -> Int { try await connection.rows(statement)[0].int(0) }
    func text(_ statement: SQL) async throws -> String { try await connection.rows(statement)[0].text(0) }
}
