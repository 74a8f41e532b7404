package import Domain
internal import Persistence

/// Something of a tenant's in every table that requests can reach, by the names that its ids have in paths and queries.
package struct Belongings: Sendable {
    /// In every text of theirs, and in nobody else's.
    package let mark: String
    package let ids: [String: String]

    /// Two of everything, so that lists of one item a page go on.
    package static func fill(_ access: GuildAccess) async throws -> Belongings {
        let mark = "Secret\(Cast.number())"
        let seed = Seed(access)
        let brand = try await seed.brand("\(mark) brand")
        let group = try await seed.group("\(mark) group", of: brand)
        _ = try await seed.group("\(mark) other group", of: try await seed.brand("\(mark) other brand"))
        let account = try await seed.account("\(mark)", in: group, displayName: mark, followers: 5)
        _ = try await seed.account("\(mark)2", in: group)
        _ = try await seed.post("\(mark) post", by: account, views: 10, posted: .hours(1))
        _ = try await seed.post("\(mark) other post", by: account, views: 20, posted: .hours(2))
        try await seed.measure(account, followers: 5, .hours(1))
        try await seed.usage(CalendarDay(number: 20_000), requests: 5)
        try await seed.queue(3)
        try await seed.guest(UserID(number: Cast.number()))
        let guest = try await ask { try await $0.rows("SELECT id FROM guild_guests", in: access)[0].int(0) }
        let key = try await seed.key("\(mark) key")
        for number in 1...2 { try await seed.audit("\(mark) \(number)") }
        return Belongings(
            mark: mark,
            ids: [
                "brand": "\(brand)", "group": "\(group)", "account": "\(account)", "accountId": "\(account)",
                "guestId": "\(guest)", "keyId": "\(key)",
                "brandId": "\(brand)", "groupId": "\(group)",
            ])
    }

    /// A line for each table that has tenants: how many rows of this one it holds, and a hash of all that is in them.
    package static func checksums(of access: GuildAccess) async throws -> String {
        try await ask { database in
            try await database.rows(
                """
                SELECT string_agg(relname || ' ' || (xpath('/row/sum/text()', content))[1]::text, E'\\n' ORDER BY relname)
                  FROM (SELECT relname, query_to_xml(format(
                                   'SELECT count(*) || '' '' || coalesce(md5(string_agg(each::text, '';''
                                           ORDER BY each::text)), '''') AS sum FROM dashboard.%I AS each', relname),
                                   true, true, '') AS content
                          FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                         WHERE relnamespace = 'dashboard'::regnamespace AND relkind IN ('r', 'p')
                           AND NOT relispartition AND attname = 'client_id' AND NOT attisdropped) AS tables
                """, in: access)[0].text(0)
        }
    }
}
