import Domain
import Persistence
import TestKit
import Testing

@Suite struct `The columns of settings` {
    private func settings(in access: GuildAccess) async throws -> StoredSettings {
        let stored = try await ask { database in try await database.read(Guilds.settings, in: access) }
        return try #require(stored)
    }

    @Test func `begin with the values of a new server`() async throws {
        let cast = try await Cast()
        #expect(try await settings(in: cast.charlie).values == ServerSettings())
    }

    @Test(arguments: Setting.all)
    func `keep each setting apart from the others`(setting: Setting) async throws {
        let access = try await Cast().charlie
        var new = ServerSettings()
        let value: SettingValue =
            switch setting.kind {
            case .toggle(let path): .boolean(!new[keyPath: path])
            case .number(_, let range, _), .optionalNumber(_, let range, _, _): .number(Int(range.upperBound))
            case .timezone: .text("Europe/Paris")
            case .currency: .text("EUR")
            case .webhook: .nothing
            }
        #expect(new.set(setting, to: value) { _ in true })
        var webhook = Guilds.WebhookChange.keep
        if setting == .alertWebhook {
            webhook = .set([1, 2, 3])
            new.alertWebhook = .unreadable
        }
        let (wanted, change) = (new, webhook)
        let isReplaced = try await ask { database in
            try await Guilds.replace(
                version: 1, by: wanted, webhook: change, changes: "{}", from: AuditOrigin(.api, address: nil),
                in: access, database)
        }
        #expect(isReplaced)
        let stored = try await settings(in: access)
        #expect(stored.values == wanted && stored.version == 2)
        #expect(stored.sealedWebhook == (setting == .alertWebhook ? [1, 2, 3] : nil))
    }
}
