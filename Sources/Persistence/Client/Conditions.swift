internal import Domain

/// Patterns for `ILIKE`.
enum Like {
    /// Matches text that holds the words, with the pattern's own signs taken literally.
    static func containing(_ text: String) -> String {
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
    /// The first moment of a day in the guild's time zone.
    static func start(of day: CalendarDay, in access: GuildAccess) -> SQL {
        """
        (\(day.description)::date::timestamp AT TIME ZONE
            (SELECT timezone FROM guild_settings WHERE client_id = \(access.client)))
        """
    }
}
