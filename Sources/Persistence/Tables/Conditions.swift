internal import Domain
internal import Formats

/// Search by text.
enum Search {
    /// A condition that the column contains the text, without regard to case and accents.
    static func condition(_ column: SQL, holds text: String) -> SQL {
        "strpos(search_text(\(column)), search_text(\(text))) > 0"
    }

    /// The same for a handle, which pages show with an `@`.
    static func condition(handle column: SQL, holds text: String) -> SQL {
        condition(column, holds: text.utf8.count > 1 && text.hasPrefix("@") ? String(text.dropFirst()) : text)
    }
}

/// Times that depend on the guild's time zone.
enum GuildTime {
    /// UTC if PostgreSQL does not know the zone, for example after a move to a server with older zone files.
    static func zone(_ access: GuildAccess) -> SQL {
        "(SELECT known_zone(timezone) FROM guild_settings WHERE client_id = \(access.client))"
    }

    /// The first moment of a day in the guild's time zone.
    static func start(of day: CalendarDay, in access: GuildAccess) -> SQL {
        "(\(day.description)::date::timestamp AT TIME ZONE \(zone(access)))"
    }

    /// The day of a time in the guild's time zone.
    static func day(_ time: SQL, in access: GuildAccess) -> SQL {
        "((\(time)) AT TIME ZONE \(zone(access)))::date"
    }

    /// The first moment of the 90 days that end today.
    ///
    /// A sub-select is evaluated once, so that the planner can use an index and prune partitions.
    static func startOfNinetyDays(in access: GuildAccess) -> SQL { start(daysAgo: 89, in: access) }

    /// The first moment of yesterday.
    static func startOfYesterday(in access: GuildAccess) -> SQL { start(daysAgo: 1, in: access) }

    private static func start(daysAgo days: Int, in access: GuildAccess) -> SQL {
        """
        (SELECT ((now() AT TIME ZONE zone)::date - \(days)::int)::timestamp AT TIME ZONE zone
           FROM \(zone(access)) AS known (zone))
        """
    }
}
