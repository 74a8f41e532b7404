package import Domain
import Formats
internal import Persistence
internal import Synchronization

/// The people of the tests, in guilds of their own, so that tests do not affect each other.
package struct Cast: Sendable {
    /// Admin of guild A.
    package let alice: GuildAccess
    /// Sees guild A, since its `memberAccess` is on.
    package let bob: GuildAccess
    /// Admin of guild B, another tenant.
    package let charlie: GuildAccess

    private static let next = Atomic<Int64>(1_000)

    package init() async throws {
        let number = Self.next.add(10, ordering: .relaxed).newValue
        let guildA = GuildID(number: number)
        let guildB = GuildID(number: number + 1)
        let people = (1...3).map { UserID(number: number + $0) }
        let clientA = try await Self.register(guildA, "Guild A")
        let clientB = try await Self.register(guildB, "Guild B")
        try await Self.enter(people[0], "alice", guildA, permissions: .administrator)
        try await Self.enter(people[1], "bob", guildA, permissions: .none)
        try await Self.enter(people[2], "charlie", guildB, permissions: .manageGuild)
        alice = try Self.access(people[0], clientA, guildA, .admin)
        bob = try Self.access(people[1], clientA, guildA, .viewer)
        charlie = try Self.access(people[2], clientB, guildB, .admin)
        try await Seed(alice).settings(memberAccess: true)
    }

    /// A number that no other test has, for a guild or user.
    package static func number() -> Int64 { next.add(10, ordering: .relaxed).newValue }

    @discardableResult
    package static func register(_ guild: GuildID, _ name: String) async throws -> ClientID {
        try await ask { database in
            try await database.rows(
                "SELECT dashboard.register_guild(\(guild), \(name), NULL, 'system', 'command_line')")[0].id(0)
        }
    }

    /// Discord's data about a person and one of their guilds.
    package static func enter(
        _ user: UserID, _ name: String, _ guild: GuildID, called guildName: String = "A guild",
        permissions: Permissions, isOwner: Bool = false
    ) async throws {
        _ = try await ask { database in
            try await database.rows([
                """
                INSERT INTO users (id, username, guilds_read_at, guilds_source_state)
                VALUES (\(user), \(name), now(), 'current') ON CONFLICT DO NOTHING
                """,
                """
                INSERT INTO user_guilds (user_id, guild_id, name, permissions, owner)
                VALUES (\(user), \(guild), \(guildName), \(Int64(bitPattern: permissions.bits)), \(isOwner))
                """,
            ])
        }
    }

    package static func access(
        _ user: UserID, _ client: ClientID, _ guild: GuildID, _ level: Level
    ) throws -> GuildAccess {
        try GuildAccess.grant(
            level, in: guild, to: user, with: Membership(client: client, guild: guild, level: level))
    }
}
