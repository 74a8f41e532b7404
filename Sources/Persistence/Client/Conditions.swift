internal import Domain
internal import Formats

/// Searches for a part of a text.
enum Like {
    /// Whether the column holds the text, upper and lower case alike.
    ///
    /// Only a text beyond ASCII needs the case of all letters: the rules of the C locale take half the time.
    static func condition(_ column: SQL, holds text: String) -> SQL {
        let pattern = containing(text)
        return text.utf8.allSatisfy { $0 < 0x80 }
            ? "\(column) COLLATE \"C\" ILIKE \(pattern)" : "\(column) ILIKE \(pattern)"
    }

    /// The pattern's own signs are taken literally.
    private static func containing(_ text: String) -> String {
        var pattern = "%"
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { pattern += "\\" }
            pattern.unicodeScalars.append(scalar)
        }
        return pattern + "%"
    }
}

/// Times that depend on where the guild lives.
enum GuildTime {
    /// UTC where PostgreSQL does not know the zone, as after a move to a server with older zone files.
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
    /// A sub-select: evaluated once, so that an index and the choice of partitions go by it.
    static func startOfNinetyDays(in access: GuildAccess) -> SQL {
        """
        (SELECT ((now() AT TIME ZONE zone)::date - 89)::timestamp AT TIME ZONE zone
           FROM \(zone(access)) AS known (zone))
        """
    }
}
