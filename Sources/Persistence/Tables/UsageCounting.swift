package import Domain
package import Formats

/// Writes usage for all tenants at once, so that no request waits for it.
package enum UsageCounting {
    package struct Key: Hashable, Sendable {
        package let client: ClientID
        package let day: CalendarDay

        package init(client: ClientID, day: CalendarDay) {
            self.client = client
            self.day = day
        }
    }

    /// Adds the requests counted since the last call.
    package static func add(_ requests: [Key: Int64], _ database: Database) async throws(DatabaseFailure) {
        let entries = Array(requests)
        try await database.rows(
            """
            SELECT dashboard.add_usage(\(entries.map(\.key.client)), \(entries.map(\.key.day.description))::date[],
                                       \(entries.map(\.value)))
            """)
    }

    /// Records today's number of accounts and posts of each tenant.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func noteTotals(_ database: Database) async throws {
        try await database.rowsApart("SELECT dashboard.note_totals()")
    }
}
