internal import Domain
internal import Formats

/// The statements of a deletion.
///
/// Foreign keys cascade only to measurements, so it deletes from the bottom up.
extension Deletion {
    static func locks(_ target: Target, _ access: GuildAccess) -> [SQL] {
        let client = access.client
        let account: SQL = "SELECT FROM client_accounts WHERE \(accounts(target, access)) ORDER BY id FOR UPDATE"
        let group: SQL = "SELECT FROM account_groups WHERE \(groups(target, access)) ORDER BY id FOR UPDATE"
        return switch target {
        case .brand(let id):
            ["SELECT FROM brands WHERE client_id = \(client) AND id = \(id) FOR UPDATE", group, account]
        case .group: [group, account]
        case .account: [account]
        }
    }

    /// Name, platform, numbers of groups, accounts and posts, and the version.
    static func contents(_ target: Target, _ access: GuildAccess) -> SQL {
        "SELECT \(contents) FROM (\(counted(target, access))) target"
    }

    private static func counted(_ target: Target, _ access: GuildAccess) -> SQL {
        let counts: SQL = """
            (SELECT count(*) AS accounts, saturated(coalesce(sum(post_count), 0)) AS posts
               FROM client_accounts WHERE \(accounts(target, access))) counted
            """
        return switch target {
        case .brand(let id):
            """
            SELECT name, NULL AS platform, (SELECT count(*) FROM account_groups WHERE \(groups(target, access))) AS groups,
                   accounts, posts, version
              FROM brands, \(counts) WHERE client_id = \(access.client) AND id = \(id)
            """
        case .group(let id):
            """
            SELECT name, NULL AS platform, 0 AS groups, accounts, posts, version FROM account_groups, \(counts)
             WHERE client_id = \(access.client) AND id = \(id)
            """
        case .account(let id):
            """
            SELECT handle AS name, platform, 0 AS groups, 0 AS accounts, post_count AS posts, version FROM client_accounts
             WHERE client_id = \(access.client) AND id = \(id)
            """
        }
    }

    /// Posts, accounts, groups and brand, in this order; the target's own kind is the last one.
    static func statements(_ target: Target, _ access: GuildAccess) -> [SQL] {
        let posts: SQL = """
            DELETE FROM posts WHERE client_id = \(access.client)
               AND account_id IN (SELECT id FROM client_accounts WHERE \(accounts(target, access)))
            """
        let accounts: SQL = "DELETE FROM client_accounts WHERE \(accounts(target, access))"
        let groups: SQL = "DELETE FROM account_groups WHERE \(groups(target, access))"
        return switch target {
        case .brand(let id):
            [posts, accounts, groups, "DELETE FROM brands WHERE client_id = \(access.client) AND id = \(id)"]
        case .group: [posts, accounts, groups]
        case .account: [posts, accounts]
        }
    }

    /// A condition on `client_accounts`: the accounts of the target.
    private static func accounts(_ target: Target, _ access: GuildAccess) -> SQL {
        switch target {
        case .brand:
            """
            client_id = \(access.client)
            AND group_id IN (SELECT id FROM account_groups WHERE \(groups(target, access)))
            """
        case .group(let id): "client_id = \(access.client) AND group_id = \(id)"
        case .account(let id): "client_id = \(access.client) AND id = \(id)"
        }
    }

    /// A condition on `account_groups`: the target, or its groups.
    private static func groups(_ target: Target, _ access: GuildAccess) -> SQL {
        switch target {
        case .brand(let id): "client_id = \(access.client) AND brand_id = \(id)"
        case .group(let id): "client_id = \(access.client) AND id = \(id)"
        case .account: "false"
        }
    }
}

extension Deletion.Target {
    /// The audit log's action, and the id and fields of the deleted object.
    func deletion(_ found: Deletion.Contents) -> (action: AuditAction, id: Int64, fields: SQL) {
        switch self {
        case .brand(let id): (.brandDeleted, id.number, "'name', \(found.name)")
        case .group(let id): (.groupDeleted, id.number, "'name', \(found.name)")
        case .account(let id):
            (.accountDeleted, id.number, "'handle', \(found.name), 'platform', \(found.platform?.rawValue)")
        }
    }
}
