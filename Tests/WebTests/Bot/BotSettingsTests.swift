import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// The settings of admins for the bot, read in both ways.
@Suite struct `A bot's settings` {
    let cast: Cast

    init() async throws { cast = try await Cast() }

    private func overSQL(_ guild: GuildID) async throws -> String {
        let bot = try WaitingConnection(signedInAs: "tracking_bot", role: .login)
        return try await bot.rows("SELECT bot.guild_settings(\(guild))::text")[0].text(0)
    }

    private func overHTTP(_ guild: GuildID, _ key: NewAPIKey) async -> Response {
        var request = SignedRequest("/api/v1/bot/guilds/\(guild)/settings", with: key)
        request.method = .get
        return await request.send()
    }

    @Test func `are the same over SQL and HTTP, and follow the admins`() async throws {
        let key = try await NewAPIKey.make([.accounts], in: cast.alice)
        let guild = cast.alice.guild
        let first = try await overSQL(guild)
        #expect(first == #"{"trackingEnabled": true, "postRetentionDays": null, "checkIntervalMinutes": 60}"#)
        #expect(await overHTTP(guild, key).text == first)
        let access = cast.alice
        _ = try await ask { database in
            try await database.rows(
                """
                UPDATE guild_settings SET tracking_enabled = false, check_interval_minutes = 15,
                       post_retention_days = 90 WHERE client_id = \(access.client)
                """, in: access)
        }
        let second = try await overSQL(guild)
        #expect(second == #"{"trackingEnabled": false, "postRetentionDays": 90, "checkIntervalMinutes": 15}"#)
        #expect(await overHTTP(guild, key).text == second)
    }

    @Test func `are for keys of that server with the scope`() async throws {
        let key = try await NewAPIKey.make([.accounts], in: cast.alice)
        #expect(await overHTTP(cast.charlie.guild, key).status == 404)
        #expect(await overHTTP(GuildID(number: 5), key).status == 404)
        #expect(await overHTTP(cast.alice.guild, try await NewAPIKey.make([.queue], in: cast.alice)).status == 403)
        #expect(await overHTTP(cast.alice.guild, NewAPIKey()).status == 401)
    }

    @Test func `of an unregistered server are refused in SQL`() async throws {
        await #expect {
            _ = try await overSQL(GuildID(number: 5))
        } throws: { error in
            guard case DatabaseFailure.refused(let refusal) = error else { return false }
            return refusal.state == "22023" && refusal.message.contains("not registered")
        }
    }
}
