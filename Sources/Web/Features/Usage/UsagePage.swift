internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The usage of a guild by day.
enum UsagePage {
    struct View: Sendable {
        let guild: GuildID
        let asked: UsageRange.Asked
        let days: [UsageDay]
        let today: CalendarDay

        /// Read only if there is no fault.
        var range: ClosedRange<CalendarDay> { asked.from...max(asked.from, asked.to) }
    }

    static let endpoint = Endpoint.guild(
        .get, PagePath.usage, .page, needs: .viewer, "A server's usage", .html
    ) { call, access in
        let asked = try UsageRange.Asked(call)
        let frame = try await Frame.guild(call, access)
        let days =
            asked.fault == nil ? try await call.database.read(Usage.days(asked.from...asked.to), in: access) : []
        let view = View(guild: access.guild, asked: asked, days: days, today: call.world.now().dayInUTC)
        var response = Response.page(PagePlace(title: "Usage", item: .usage), frame) { write(view, frame, to: &$0) }
        if asked.fault != nil { response.status = 422 }
        return response
    }.takes(UsageRange.parameters)

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        let page = PagePath.usage.link(view.guild)
        html.pageHeader("Usage", lead: { $0.text("Counted per day in UTC.") })
        html.usageFilters(view, page)
        html.div(.class("stack"), .fixed("data-region", "list")) { html in
            guard view.asked.fault == nil else { return html.wrongFilter(page) }
            html.columns { html in
                html.figureCard {
                    $0.lineChart(
                        series("Accounts at the end of each ", "accounts", view, \.accounts, isLevel: true),
                        fromZero: true)
                }
                html.figureCard {
                    $0.lineChart(
                        series("All posts at the end of each ", "posts", view, \.posts, isLevel: true), fromZero: true)
                }
                html.figureCard { $0.barChart(series("API requests by ", "requests", view, \.apiRequests)) }
            }
        }
    }

    /// A level is the value at the end of each day; other values are sums of the day.
    private static func series(
        _ title: String, _ unit: String, _ view: View, _ value: (UsageDay) -> Int64, isLevel: Bool = false
    ) -> DaySeries {
        let step = view.days.count > longestByDay ? 7 : 1
        let days = view.days.map(value)
        let values = stride(from: 0, to: days.count, by: step).map { start in
            let part = days[start..<min(start + step, days.count)]
            return isLevel ? part.last ?? 0 : part.saturatingSum
        }
        let readout =
            isLevel
            ? "\(NumberText.grouped(values.last ?? 0)) at the end"
            : "\(NumberText.grouped(values.saturatingSum)) in \(CountText.text(days.count, "day"))"
        // Zeros of a level before the first record mean no data.
        let first = isLevel ? values.firstIndex { $0 > 0 } ?? 0 : 0
        return DaySeries(
            title: title + (step == 1 ? "day" : "week"), unit: unit, first: view.range.lowerBound, step: step,
            values: values.enumerated().map { $0.offset < first ? nil : $0.element }, readout: readout)
    }

    /// The most days that are shown one by one; longer ranges are shown by week, so that the page stays below 100 KB.
    private static let longestByDay = 120
}

extension HTML {
    fileprivate mutating func usageFilters(_ view: UsagePage.View, _ page: Link) {
        let isDefault = view.asked.to == view.today && view.asked.from == view.today.adding(days: 1 - UsageRange.usual)
        filters(FilterBar(page: page, isSet: !isDefault, button: "Show")) { html in
            html.field("from", "From", type: "date", value: view.asked.from.iso8601, fault: view.asked.fault)
            html.field("to", "To", type: "date", value: view.asked.to.iso8601)
            html.div(.class("actions")) { html in
                for days in [7, 30, 90] {
                    let from = page.asking([("from", view.today.adding(days: 1 - days).iso8601)])
                    html.a(.class("button"), .href(from), .flag("data-swap"), text: "\(days) days")
                }
            }
        }
    }
}
