import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `A day of the audit log` {
    /// The first moment of the day and of the next one.
    @Test(arguments: [
        ("UTC", "2026-03-02", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"),
        ("Pacific/Kiritimati", "2026-03-02", "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"),
        // It has 23 hours.
        ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"),
    ])
    func `is one in the server's time zone`(zone: String, day: String, start: String, end: String) async throws {
        let (cast, inspector) = (try await Cast(), try await Inspector())
        try await Seed(cast.alice).settings(timezone: zone)
        for (name, time, microseconds) in [
            ("before", start, -1), ("first", start, 0), ("last", end, -1), ("after", end, 0),
        ] {
            _ = try await inspector.connection.rows(
                """
                SELECT dashboard.append_audit_at(
                    \(time)::timestamptz + \(microseconds)::int * interval '1 microsecond', \(cast.alice.client), 'system',
                    NULL, 'brand.created', 'brand', \(name), '{}', 'command_line', NULL)
                """)
        }
        func targets(_ change: (inout AuditLog.Filter, CalendarDay) -> Void) async throws -> [String] {
            var filter = AuditLog.Filter()
            filter.action = "brand.created"
            change(&filter, try #require(CalendarDay.parse(day)))
            let asked = filter
            let page = try await ask { try await $0.read(AuditLog.page(asked, Slice(10)), in: cast.alice) }
            return page.items.compactMap(\.target)
        }
        #expect(try await targets { ($0.from, $0.to) = ($1, $1) } == ["last", "first"])
        #expect(try await targets { $0.from = $1 } == ["after", "last", "first"])
        #expect(try await targets { $0.to = $1 } == ["last", "first", "before"])
    }
}
