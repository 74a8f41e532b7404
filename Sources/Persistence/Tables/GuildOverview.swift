package import Domain
internal import Formats

/// The data of a guild's overview, read in one round trip.
package struct GuildOverview: Sendable {
    package let profile: GuildProfile
    package let counts: GuildCounts
    package let activity: GuildActivity
    /// The most viewed posts of the last 24 hours.
    package let topPosts: Posts.Page
    package let inactiveAccounts: Excerpt<Accounts.Inactive>
    package let silentAccounts: Excerpt<Accounts.Silent>
    package let emptyGroups: Excerpt<AccountGroups.Empty>
    package let queue: BotQueue?
    package let watch: GuildProblems.Watch

    /// - Returns: nil if the guild was deleted meanwhile.
    package static func read(
        in access: GuildAccess, _ database: Database
    ) async throws(DatabaseFailure) -> GuildOverview? {
        let (profile, counts, activity, posts, inactive, silent, empty, queue, watch) = try await database.read(
            Guilds.profile, Guilds.counts, Guilds.activity, Posts.top, Accounts.inactive, Accounts.silent,
            AccountGroups.empty, BotHealth.queue, GuildProblems.watch, in: access)
        return profile.map {
            GuildOverview(
                profile: $0, counts: counts, activity: activity, topPosts: posts, inactiveAccounts: inactive,
                silentAccounts: silent, emptyGroups: empty, queue: queue, watch: watch)
        }
    }
}

/// The first items of a list, and their total number.
package struct Excerpt<Item: Sendable>: Sendable {
    package let items: [Item]
    package let total: Int

    /// - Throws: `misread`.
    init(_ rows: Rows, _ columns: Columns<Counted>) throws(DatabaseFailure) {
        let counted = try columns.all(rows)
        items = counted.map(\.item)
        total = counted.first?.total ?? 0
    }

    /// An item, and how many there are.
    struct Counted {
        let total: Int
        let item: Item
    }

    static func columns(_ table: StaticString, _ item: @escaping Columns<Item>.Reading) -> Columns<Counted> {
        Columns(table) { row throws(DatabaseFailure) in
            Counted(total: try row("count(*) OVER ()"), item: try item(row))
        }
    }
}

extension Excerpt: Equatable where Item: Equatable {}
