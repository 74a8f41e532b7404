import Domain
import Formats
import Persistence
import TestKit
import Testing

/// The rule for admins exists twice: in Swift, and in SQL for a statement that reads all servers of a session.
@Suite(.serialized) struct `The rule of who is an admin or viewer` {
    @Test(arguments: [true, false])
    func `is the same in SQL for each permission of Discord`(isOwner: Bool) async throws {
        let owner = try WaitingConnection(role: .owner)
        for bit in [nil] + (0..<64).map(Optional.some) {
            let permissions = Permissions(bits: bit.map { 1 << UInt64($0) } ?? 0)
            let stored = Int64(bitPattern: permissions.bits)
            let inSQL = try await owner.rows("SELECT dashboard.is_manager(\(isOwner), \(stored))")[0].boolean(0)
            #expect(inSQL == (Level.ofMember(isOwner: isOwner, permissions, memberAccess: false) == .admin))
            #expect(inSQL == (isOwner || bit == 3 || bit == 5), "\(permissions.decimal)")
        }
    }

    @Test(
        arguments: [
            (true, .none, false, .admin), (false, .administrator, false, .admin), (false, .manageGuild, true, .admin),
            (false, .none, true, .viewer), (false, .none, false, nil), (false, Permissions(bits: ~0x28), false, nil),
        ] as [(Bool, Permissions, Bool, Level?)])
    func `gives a session its levels`(
        isOwner: Bool, permissions: Permissions, memberAccess: Bool, level: Level?
    ) async throws {
        let (user, guild) = (UserID(number: Cast.number()), GuildID(number: Cast.number()))
        try await Cast.register(guild, "Rule")
        try await Cast.enter(user, "dora", guild, called: "Rule", permissions: permissions, isOwner: isOwner)
        let owner = try WaitingConnection(role: .owner)
        try await owner.script("SET app.scope = 'all'")
        _ = try await owner.rows(
            """
            UPDATE guild_settings SET member_access = \(memberAccess)
             WHERE client_id = (SELECT client_id FROM guilds WHERE guild_id = \(guild))
            """)
        let levels = try await owner.rows("SELECT is_admin FROM dashboard.memberships(\(user))").map { $0.boolean(0) }
        #expect(levels == level.map { [$0 == .admin] } ?? [])
        #expect(Level.ofMember(isOwner: isOwner, permissions, memberAccess: memberAccess) == level)
    }
}
