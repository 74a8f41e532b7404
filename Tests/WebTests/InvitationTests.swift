import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The invitation of the bot` {
    let test = TestSite.shared

    @Test func `asks to read and send messages, and for nothing else`() {
        let id = DiscordStandIn.application.id
        #expect(
            DiscordStandIn.application.invitation(to: GuildID(number: 5))?.text == """
                https://discord.com/oauth2/authorize?client_id=\(id)&scope=bot%20applications.commands\
                &permissions=\(1_024 + 2_048 + 16_384 + 65_536)&guild_id=5&disable_guild_select=true
                """)
    }

    private func invitation(of access: GuildAccess) async throws -> JSONValue? {
        let answer = await test.ask(.get, "/api/v1/guilds", as: try await test.signIn(access.user))
        let items = try #require(try JSONParser.parse(Array(answer.text.utf8))["items"]?.array)
        try #require(items.count == 1 && items[0]["id"]?.string == access.guild.description)
        return items[0]["inviteUrl"]
    }

    @Test func `is for admins of a server that the bot left`() async throws {
        let cast = try await Cast()
        #expect(try await invitation(of: cast.alice) == .null)
        let owner = try WaitingConnection(role: .owner)
        try await owner.script("SET app.scope = 'all'")
        _ = try await owner.rows("UPDATE guilds SET left_at = now() WHERE client_id = \(cast.alice.client)")
        let link = DiscordStandIn.application.invitation(to: cast.alice.guild)?.text
        #expect(try await invitation(of: cast.alice) == link.map { .string($0) })
        #expect(try await invitation(of: cast.bob) == .null)
    }
}
