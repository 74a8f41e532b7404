package import Domain
package import Formats
internal import Persistence

/// A statement of a seed that stored nothing, for example a post of an account that was deleted meanwhile.
struct NothingStored: Error { let statement: String }

/// Puts rows of a tenant into the database.
package struct Seed: Sendable {
    private let access: GuildAccess

    package init(_ access: GuildAccess) { self.access = access }

    /// A time before now, by the database's clock.
    package struct Ago: Sendable {
        let time: SQL
        package static func hours(_ count: Int) -> Ago { Ago(time: "now() - \(count) * interval '1 hour'") }
        package static func days(_ count: Int) -> Ago { Ago(time: "now() - \(count) * interval '24 hours'") }
        package static let now = Ago(time: "now()")

        /// Noon in UTC of a day before today, or some seconds later.
        package static func noon(_ days: Int, plus seconds: Int = 0) -> Ago {
            Ago(
                time:
                    "date_trunc('day', now()) + interval '12 hours' - \(days) * interval '24 hours' + \(seconds) * interval '1 s'"
            )
        }
    }

    package func brand(_ name: String) async throws -> BrandID {
        try await id("INSERT INTO brands (client_id, name) VALUES (\(access.client), \(name)) RETURNING id")
    }

    package func group(_ name: String, of brand: BrandID) async throws -> AccountGroupID {
        try await id(
            """
            INSERT INTO account_groups (client_id, brand_id, name) VALUES (\(access.client), \(brand), \(name))
            RETURNING id
            """)
    }

    /// A group of a brand, both named so.
    package func group(_ name: String) async throws -> AccountGroupID {
        try await group(name, of: try await brand(name))
    }

    package func account(
        _ handle: String, in group: AccountGroupID, on platform: Platform = .instagram, displayName: String = "",
        status: AccountStatus = .active, followers: Int64? = nil, lastPost: Ago? = nil, created: Ago = .now
    ) async throws -> ClientAccountID {
        try await id(
            """
            INSERT INTO client_accounts (client_id, group_id, platform, handle, display_name, status, followers,
                                         last_post_at, created_at)
            VALUES (\(access.client), \(group), \(platform), \(handle), \(displayName), \(status), \(followers),
                    \(time(lastPost)), \(time(created))) RETURNING id
            """)
    }

    package func post(
        _ caption: String, by account: ClientAccountID, views: Int64 = 0, posted: Ago = .now, measured: Ago? = nil
    ) async throws -> PostID {
        let external = "\(account)-\(caption)-\(Cast.number())"
        return try await id(
            """
            INSERT INTO posts (client_id, account_id, platform, external_id, caption, views, posted_at, measured_at)
            SELECT client_id, id, platform, \(external), \(caption), \(views), \(time(posted)), \(time(measured))
              FROM client_accounts WHERE client_id = \(access.client) AND id = \(account) RETURNING id
            """)
    }

    package func engage(_ post: PostID, likes: Int64, comments: Int64, shares: Int64) async throws {
        try await run(
            """
            UPDATE posts SET likes = \(likes), comments = \(comments), shares = \(shares)
             WHERE client_id = \(access.client) AND id = \(post)
            """)
    }

    package func measure(_ account: ClientAccountID, followers: Int64, _ ago: Ago) async throws {
        try await run(
            """
            INSERT INTO account_metrics (client_id, account_id, measured_at, followers)
            VALUES (\(access.client), \(account), \(time(ago)), \(followers))
            """)
    }

    package func measure(_ post: PostID, views: Int64, _ ago: Ago) async throws {
        try await run(
            """
            INSERT INTO post_metrics (client_id, post_id, measured_at, views)
            VALUES (\(access.client), \(post), \(time(ago)), \(views))
            """)
    }

    package func change(_ account: ClientAccountID, to status: AccountStatus) async throws {
        try await run(
            "UPDATE client_accounts SET status = \(status) WHERE client_id = \(access.client) AND id = \(account)")
    }

    package func settings(memberAccess: Bool = false, timezone: String = "UTC") async throws {
        try await run(
            """
            UPDATE guild_settings SET member_access = \(memberAccess), timezone = \(timezone)
             WHERE client_id = \(access.client)
            """)
    }

    package func usage(
        _ day: CalendarDay, requests: Int64, exports: Int64 = 0, imports: Int64 = 0, alerts: Int64 = 0,
        accounts: Int64 = 0, posts: Int64 = 0
    ) async throws {
        try await run(
            """
            INSERT INTO usage_days (client_id, day, api_requests, exports, imports, alerts, accounts, posts)
            VALUES (\(access.client), \(day.description)::date, \(requests), \(exports), \(imports), \(alerts),
                    \(accounts), \(posts))
            """)
    }

    package func queue(_ depth: Int) async throws {
        try await run("SELECT bot.queue_depth(\(access.guild), \(depth)::int)")
    }

    /// A guest whose access began an hour ago and ends so many seconds from now.
    package func key(_ name: String) async throws -> APIKeyID {
        let publicID = "tdk_\(Cast.number())"
        return try await id(
            """
            INSERT INTO api_keys (client_id, name, public_id, secret_ciphertext, scopes)
            VALUES (\(access.client), \(name), \(publicID), \([UInt8(0)]), \(["posts"])) RETURNING id
            """)
    }

    package func audit(_ target: String) async throws {
        _ = try await ask { [access] in
            try await $0.rows(
                """
                SELECT dashboard.append_audit(\(access.client), 'user', \(access.user), 'brand.created', 'brand', \(target),
                                              '{}', 'api', NULL)
                """, in: access)
        }
    }

    package func guest(_ user: UserID, _ level: Level = .viewer, endsIn seconds: Int = 3_600) async throws {
        try await run(
            """
            INSERT INTO guild_guests (client_id, user_id, level, granted_by, created_at, ends_at)
            VALUES (\(access.client), \(user), \(level), \(access.user), now() - interval '2 hours',
                    now() + \(seconds) * interval '1 s')
            """)
    }

    /// An entry of the audit log by the seed's own person.
    package func audit(
        _ action: String, _ targetType: String, _ target: String, _ changes: String, address: String? = nil
    ) async throws {
        try await audit(action, targetType, target, changes, by: access.user, address: address)
    }

    /// The same by another person, or by the bot.
    package func audit(
        _ action: String, _ targetType: String, _ target: String, _ changes: String, by user: UserID?,
        address: String? = nil
    ) async throws {
        try await run(
            """
            SELECT dashboard.append_audit(\(access.client), \(user == nil ? "bot" : "user"), \(user), \(action),
                                          \(targetType), \(target), \(changes)::jsonb, 'page', \(address)::inet)
            """)
    }

    package func rejectedItem(_ item: String) async throws {
        try await run(
            "SELECT bot.record_posts(\(access.guild), jsonb_build_array(jsonb_build_object('platform', \(item))))")
    }

    // MARK: Running

    private func time(_ ago: Ago?) -> SQL {
        guard let ago else { return "NULL" }
        return "(\(ago.time))"
    }

    private func id<ID: ColumnValue & Identifier>(_ statement: SQL) async throws -> ID {
        let access = access
        return try await ask {
            let rows = try await $0.rows(statement, in: access)
            guard rows.count == 1 else { throw NothingStored(statement: statement.text) }
            return rows[0].id(0)
        }
    }

    private func run(_ statement: SQL) async throws {
        let access = access
        _ = try await ask { try await $0.rows(statement, in: access) }
    }
}
