internal import Domain
internal import Formats
internal import HTTP

/// Values by day, oldest first, with their title and unit.
struct DaySeries: Sendable {
    let title: String
    /// The counted thing, in the plural.
    let unit: String
    let first: CalendarDay
    /// Days of one value.
    var step = 1
    /// Nil for days without data.
    let values: [Int64?]
    /// The summary figure.
    let readout: String

    var last: CalendarDay { first.adding(days: (values.count - 1) * step) }
    var known: [Int64] { values.compactMap(\.self) }

    func day(_ index: Int) -> CalendarDay { first.adding(days: index * step) }

    func text(_ value: Int64?) -> String { value.map { "\(NumberText.grouped($0)) \(unit)" } ?? "no data" }

    /// The text alternative, for screen readers.
    var spoken: String {
        let highest = NumberText.grouped(known.max() ?? 0)
        let latest = NumberText.grouped(known.last ?? 0)
        return """
            \(title): \(values.count) \(step == 1 ? "days" : "weeks") from \(first.long) to \(last.long), highest \(highest), last \(latest). \
            The table below has every value.
            """
    }
}

/// The plot area, in pixels from the top.
///
/// Widths are in per cent, so that text keeps its size.
enum ChartPlot {
    static let top = 14.0
    static let height = 120.0
    static let bars = ChartFrame(width: 100, height: top + height, top: top)
}

extension HTML {
    mutating func barChart(_ series: DaySeries) {
        let chart = DayBars(from: series.first, values: series.values, frame: ChartPlot.bars, barShare: 0.72, steps: 2)
        self.chart(series, chart.axis) { html in
            for bar in chart.bars where bar.height > 0 {
                html.rect(
                    .class("bar"), .percent("x", bar.x), .pixels("y", bar.y), .percent("width", bar.width),
                    .pixels("height", bar.height))
            }
        }
    }

    mutating func lineChart(_ series: DaySeries, fromZero: Bool = false) {
        // Each value is in the middle of its day.
        let half = 50 / Double(max(1, series.values.count))
        let samples = series.values.enumerated().map { LineChart.Sample(day: series.day($0.offset), value: $0.element) }
        let frame = ChartFrame(width: 100, height: 100, left: half, right: half)
        let chart = LineChart(samples, frame: frame, fromZero: fromZero, steps: 2)
        self.chart(series, chart.axis) { html in
            html.svg(
                .fixed("x", "0"), .pixels("y", ChartPlot.top), .fixed("width", "100%"),
                .pixels("height", ChartPlot.height), .fixed("viewBox", "0 0 100 100"),
                .fixed("preserveAspectRatio", "none")
            ) { html in
                html.path(.class("area"), .text("d", chart.area.description))
                html.path(.class("line"), .text("d", chart.line.description), .fixed("stroke-linecap", "round"))
            }
        }
    }

    private mutating func chart(_ series: DaySeries, _ axis: ValueAxis, marks: Content) {
        figure(.class("chart")) { html in
            html.figcaption { html in
                html.text(series.title)
                html.output { $0.text(series.readout) }
            }
            html.svg(.integer("height", 156), .fixed("role", "img"), .text("aria-label", series.spoken)) { html in
                html.valueAxis(axis)
                html.dayAxis(series)
                marks(&html)
                html.hits(series)
            }
        }
        disclosure("Show as table") { html in
            let rows = series.values.indices.reversed().map { index in
                let day = series.day(index)
                return ["\(day.short) \(day.year)", series.values[index].map { NumberText.grouped($0) } ?? "no data"]
            }
            let heading = series.step == 1 ? "Day" : "Week from"
            html.smallTable([heading, series.unit.prefix(1).uppercased() + series.unit.dropFirst()], rows: rows)
        }
    }
}

extension Attribute {
    static func percent(_ name: TextName, _ value: Double) -> Attribute { .text(name, "\(SVGPath.text(value))%") }
    static func pixels(_ name: TextName, _ value: Double) -> Attribute { .text(name, SVGPath.text(value)) }
}
