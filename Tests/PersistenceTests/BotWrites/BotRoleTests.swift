import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite(.serialized) struct `The bot's role` {
    private static let doors = [
        "bot.accounts", "bot.guild_joined", "bot.guild_left", "bot.guild_settings", "bot.heartbeat", "bot.queue_depth",
        "bot.record_posts", "bot.record_posts", "bot.upsert_accounts", "bot.upsert_accounts",
    ]

    private func isRefused(_ statement: String, _ bot: BotWriter) async -> Bool {
        do {
            try await bot.connection.script(statement)
            return false
        } catch DatabaseFailure.refused(let error) {
            return error.state == "42501"
        } catch {
            return false
        }
    }

    @Test func `reads and writes no table`() async throws {
        let bot = try BotWriter(try await Cast().alice.guild)
        let tables = try await Inspector().connection.rows(
            """
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname IN ('dashboard', 'bot', 'public') AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            """
        ).map { $0.text(0) }
        #expect(tables.count > 30)
        for table in tables {
            for statement in [
                "SELECT * FROM \(table)", "INSERT INTO \(table) DEFAULT VALUES", "DELETE FROM \(table)",
                "TRUNCATE \(table)",
            ] {
                #expect(await isRefused(statement, bot), "\(statement)")
            }
        }
        #expect(await isRefused("CREATE TABLE public.mine (id int)", bot))
        #expect(await isRefused("CREATE TEMPORARY TABLE mine (id int)", bot))
    }

    @Test func `calls no function but its own`() async throws {
        let bot = try BotWriter(try await Cast().alice.guild)
        let inspector = try await Inspector()
        // So that types are named with their schema.
        try await inspector.connection.script("SET search_path = pg_catalog")
        let calls = try await inspector.connection.rows(
            """
            SELECT format('%I.%I', n.nspname, p.proname), format('SELECT %I.%I(%s)', n.nspname, p.proname, (
                       SELECT string_agg(format('NULL::%s', format_type(type, NULL)), ', ' ORDER BY position)
                         FROM unnest(p.proargtypes) WITH ORDINALITY AS arguments (type, position)))
              FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('dashboard', 'bot')
               AND p.prorettype <> 'trigger'::regtype
             ORDER BY 1
            """
        ).map { ($0.text(0), $0.text(1)) }
        #expect(calls.filter { $0.0.hasPrefix("bot.") }.map(\.0) == Self.doors)
        for (name, call) in calls where !Self.doors.contains(name) {
            #expect(await isRefused(call, bot), "\(call)")
        }
    }
}
