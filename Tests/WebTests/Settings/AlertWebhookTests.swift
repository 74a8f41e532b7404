import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The webhook of the settings` {
    private func put(_ world: SettingsWorld, _ text: String?) async -> Response {
        await world.put(["alertWebhookUrl": text.map { "\"\($0)\"" } ?? "null"])
    }

    @Test func `is stored sealed, and never shown`() async throws {
        let world = try await SettingsWorld()
        let (address, secret) = (SettingsWorld.webhook + SettingsWorld.secret, SettingsWorld.secret)
        let saved = await put(world, address)
        #expect(saved.status == 200 && !saved.text.contains(secret))
        #expect(try await world.read().json["alertWebhookUrl"]?.string == SettingsWorld.webhook + "•••")
        for path in [world.page, "/guilds/\(world.cast.alice.guild)", "/api/v1/guilds/\(world.cast.alice.guild)"] {
            let answer = await world.test.ask(.get, path, as: world.alice)
            #expect(answer.status == 200 && !answer.text.contains(secret))
        }
        let access = world.cast.alice
        let stored: StoredSettings? = try await ask { try await $0.read(Guilds.settings, in: access) }
        let sealed = try #require(stored?.sealedWebhook)
        #expect(!sealed.contains(Array(secret.utf8)))
        #expect(world.test.vault.openWebhook(sealed, of: access.client)?.address == address)
        #expect(world.test.vault.openWebhook(sealed, of: world.cast.charlie.client) == nil)
        let entry = try #require(try await world.entries().first)
        #expect(entry.changes.contains("123456789012345678/•••") && !entry.changes.contains(secret))
    }

    @Test func `is kept by its masked form, replaced by an address, and removed by null`() async throws {
        let world = try await SettingsWorld()
        #expect(await put(world, SettingsWorld.webhook + SettingsWorld.secret).status == 200)
        let tag = try await world.read().tag
        #expect(await put(world, SettingsWorld.webhook + "•••").header("ETag") == tag)
        #expect(await put(world, SettingsWorld.webhook + String(repeating: "n", count: 68)).status == 200)
        #expect(try await world.read().tag != tag)
        #expect(await put(world, nil).status == 200)
        #expect(try await world.read().json["alertWebhookUrl"] == .null)
        #expect(try await world.entries().count == 3)
    }

    @Test func `that cannot be decrypted is shown as set, and can be replaced`() async throws {
        let world = try await SettingsWorld()
        let access = world.cast.alice
        _ = try await ask { database in
            try await database.rows(
                "UPDATE guild_settings SET alert_webhook_ciphertext = 'unreadable' WHERE client_id = \(access.client)",
                in: access)
        }
        let masked = try #require(try await world.read().json["alertWebhookUrl"]?.string)
        #expect(masked == "https://discord.com/api/webhooks/•••/•••")
        #expect(await put(world, masked).header("ETag") == "\"1\"")
        #expect(await put(world, SettingsWorld.webhook + SettingsWorld.secret).status == 200)
    }
}
