import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `The list of a person's servers` {
    private let user = UserID(number: Cast.number())

    private func list() async throws -> GuildList {
        let user = user
        return try await ask { try await GuildList.read(of: user, $0) }
    }

    private func guild(_ name: String, isRegistered: Bool, _ permissions: Permissions, isOwner: Bool = false)
        async throws -> GuildID
    {
        let guild = GuildID(number: Cast.number())
        if isRegistered { try await Cast.register(guild, name) }
        try await Cast.enter(user, "dora", guild, called: name, permissions: permissions, isOwner: isOwner)
        return guild
    }

    @Test func `has registered servers that they own or manage`() async throws {
        let owned = try await guild("Owned", isRegistered: true, .none, isOwner: true)
        let managed = try await guild("Managed", isRegistered: true, .manageGuild)
        let administered = try await guild("Administered", isRegistered: true, .administrator)
        let list = try await list()
        #expect(list.servers.map(\.guild) == [administered, managed, owned])
        #expect(list.servers.allSatisfy { $0.level == .admin && $0.leftAt == nil })
        #expect(list.candidates.isEmpty)
        #expect(list.source == .current && list.readAt != nil)
    }

    @Test func `has servers of plain members only if the server allows it`() async throws {
        let cast = try await Cast()
        _ = try await guild("Closed", isRegistered: true, .none)
        try await Cast.enter(user, "dora", cast.alice.guild, permissions: .none)
        let list = try await list()
        #expect(list.servers.map(\.guild) == [cast.alice.guild])
        #expect(list.servers.map(\.level) == [.viewer])
        #expect(list.candidates.isEmpty)
    }

    @Test func `offers servers that they manage and that have no bot`() async throws {
        let managed = try await guild("Managed", isRegistered: false, .manageGuild)
        let owned = try await guild("Owned", isRegistered: false, .none, isOwner: true)
        _ = try await guild("Mere member", isRegistered: false, Permissions(bits: 0x400))
        let list = try await list()
        #expect(list.servers.isEmpty)
        #expect(list.candidates.map(\.guild) == [managed, owned])
        #expect(list.candidates.map(\.name) == ["Managed", "Owned"])
    }

    @Test func `keeps servers that the bot left, at the end`() async throws {
        let left = try await guild("A left one", isRegistered: true, .administrator)
        let here = try await guild("Here", isRegistered: true, .administrator)
        _ = try await ask { try await $0.rows("SELECT bot.guild_left(\(left))") }
        let list = try await list()
        #expect(list.servers.map(\.guild) == [here, left])
        #expect(list.servers.map { $0.leftAt == nil } == [true, false])
        #expect(list.candidates.isEmpty)
    }

    @Test func `counts accounts and posts`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        for number in 1...3 { _ = try await seed.post("post \(number)", by: account) }
        let list = try await ask { try await GuildList.read(of: cast.bob.user, $0) }
        #expect(list.servers.map(\.accountCount) == [1])
        #expect(list.servers.map(\.postCount) == [3])
    }

    @Test func `is empty for a person who never signed in`() async throws {
        let list = try await list()
        #expect(list.servers.isEmpty && list.candidates.isEmpty)
        #expect(list.source == .unread && list.readAt == nil)
    }
}
