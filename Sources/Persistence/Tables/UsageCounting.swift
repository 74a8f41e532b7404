package import Domain
package import Formats

/// What is written of usage: for all tenants at once, since no request waits for it.
package enum UsageCounting {
    package struct Key: Hashable, Sendable {
        package let client: ClientID
        package let day: CalendarDay

        package init(client: ClientID, day: CalendarDay) {
            self.client = client
            self.day = day
        }
    }

    /// Adds requests that were counted since the last time.
    package static func add(_ requests: [Key: Int64], _ database: Database) async throws(DatabaseFailure) {
        let entries = Array(requests)
        try await database.rows(
            """
            SELECT dashboard.add_usage(\(entries.map(\.key.client)), \(entries.map(\.key.day.description))::date[],
                                       \(entries.map(\.value)))
            """)
    }

    /// Takes down how many accounts and posts each tenant has today.
    package static func noteTotals(_ database: Database) async throws {
        try await database.rowsApart("SELECT dashboard.note_totals()")
    }
}
