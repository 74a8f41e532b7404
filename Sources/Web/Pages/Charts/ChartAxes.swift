internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    mutating func valueAxis(_ axis: ValueAxis) {
        for tick in axis.ticks {
            let y = ChartPlot.top + ChartPlot.height * (1 - axis.share(of: tick))
            line(.class("grid"), .fixed("x1", "0"), .fixed("x2", "100%"), .pixels("y1", y), .pixels("y2", y))
            // The zero line is the bottom edge and needs no label.
            guard tick != 0 else { continue }
            element("text", [.fixed("x", "-8"), .pixels("y", y + 4), .fixed("text-anchor", "end")]) { html in
                html.text(NumberText.compact(tick))
            }
        }
    }

    /// Five days; the second and fourth only if there is room.
    mutating func dayAxis(_ series: DaySeries) {
        let count = series.values.count
        guard count > 0 else { return }
        dayLabel(series.first, at: 0, "start")
        for (part, isWide) in [(1, true), (2, false), (3, true)] where count > 2 {
            let index = part * count / 4
            dayLabel(series.day(index), at: 100 * (Double(index) + 0.5) / Double(count), "middle", isWide: isWide)
        }
        if count > 1 { dayLabel(series.last, at: 100, "end") }
    }

    private mutating func dayLabel(_ day: CalendarDay, at x: Double, _ anchor: StaticString, isWide: Bool = false) {
        let y = ChartPlot.top + ChartPlot.height + 16
        element(
            "text",
            [.text("class", isWide ? "wide" : nil), .percent("x", x), .pixels("y", y), .fixed("text-anchor", anchor)]
        ) { $0.text(day.short) }
    }

    /// Hover areas: a column for each day with its value as the title.
    mutating func hits(_ series: DaySeries) {
        let width = 100 / Double(max(1, series.values.count))
        for (index, value) in series.values.enumerated() {
            element(
                "rect",
                [
                    .class("hit"), .percent("x", Double(index) * width), .pixels("y", ChartPlot.top),
                    .percent("width", width), .pixels("height", ChartPlot.height),
                ]
            ) { html in
                html.element("title", []) { $0.text("\(series.day(index).short): \(series.text(value))") }
            }
        }
    }
}
