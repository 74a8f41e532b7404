package import Domain
package import Formats

/// The table `usage_days`: the usage of a tenant by UTC day.
package enum Usage {
    /// One entry for each day of the range, oldest first; days without a row are zeros.
    ///
    /// Today's levels are counted now, because the row may be ten minutes old.
    package static func days(_ range: ClosedRange<CalendarDay>) -> Query<[UsageDay]> {
        Query { access in
            """
            SELECT \(dayColumns)
              FROM (SELECT day, accounts, posts, api_requests, exports, imports, alerts FROM usage_days WHERE client_id = \(access.client)) kept
              FULL JOIN (SELECT (now() AT TIME ZONE 'UTC')::date AS day, count(*) AS accounts,
                                saturated(coalesce(sum(post_count), 0)) AS posts
                           FROM client_accounts WHERE client_id = \(access.client)) present ON present.day = kept.day
             WHERE coalesce(kept.day, present.day)
                   BETWEEN \(range.lowerBound.description)::date AND \(range.upperBound.description)::date
            """
        } value: { rows throws(DatabaseFailure) in
            let known = Dictionary(try dayColumns.all(rows).map { ($0.day, $0) }) { $1 }
            let length = range.upperBound.days(since: range.lowerBound)
            return (0...length).map { range.lowerBound.adding(days: $0) }.map { known[$0] ?? UsageDay(day: $0) }
        }.slow(if: range.upperBound.days(since: range.lowerBound) > 92)
    }

    private static let dayColumns = Columns("usage_days") { row throws(DatabaseFailure) in
        var day = UsageDay(day: try row("coalesce(kept.day, present.day)"))
        day.accounts = try row("coalesce(present.accounts, kept.accounts)")
        day.posts = try row("coalesce(present.posts, kept.posts)")
        day.apiRequests = try row("coalesce(api_requests, 0)")
        day.exports = try row("coalesce(exports, 0)")
        day.imports = try row("coalesce(imports, 0)")
        day.alerts = try row("coalesce(alerts, 0)")
        return day
    }
}
