import Domain
import Formats
import Testing

@Suite struct `Access to a guild` {
    let guild = GuildID(number: 7)
    let alice = UserID(number: 1)
    let admin = Membership(client: ClientID(number: 70), guild: GuildID(number: 7), level: .admin)
    let viewer = Membership(client: ClientID(number: 70), guild: GuildID(number: 7), level: .viewer)
    let elsewhere = Membership(client: ClientID(number: 80), guild: GuildID(number: 8), level: .admin)

    @Test(arguments: Level.allCases)
    func `is granted to its admin for everything`(needed: Level) throws {
        let access = try GuildAccess.grant(needed, in: guild, to: alice, with: [elsewhere, admin])
        #expect(access.client == admin.client)
        #expect(access.guild == guild)
        #expect(access.level == .admin)
        #expect(access.user == alice)
    }

    @Test func `is granted to a viewer for reading only`() throws {
        #expect(try GuildAccess.grant(.viewer, in: guild, to: alice, with: [viewer]).level == .viewer)
        #expect(throws: Rejection.forbidden("Only admins of this server can do this.")) {
            try GuildAccess.grant(.admin, in: guild, to: alice, with: [viewer])
        }
    }

    @Test(arguments: Level.allCases)
    func `looks missing to everyone else`(needed: Level) {
        #expect(throws: Rejection.notFound) { try GuildAccess.grant(needed, in: guild, to: alice, with: [elsewhere]) }
        #expect(throws: Rejection.notFound) {
            try GuildAccess.grant(needed, in: guild, to: alice, with: [Membership]())
        }
        #expect(throws: Rejection.notFound) { try GuildAccess.grant(needed, in: guild, to: alice, with: nil) }
        #expect(throws: Rejection.notFound) { try GuildAccess.grant(needed, in: guild, to: alice, with: elsewhere) }
    }

    @Test func `has the higher level of two`() throws {
        #expect(try GuildAccess.grant(.admin, in: guild, to: alice, with: [viewer, admin, viewer]).level == .admin)
    }
}
