internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The grade of a day, for its bar.
///
/// Height and colour both show it.
private enum DayGrade: String {
    case good, warn, bad, none

    init(_ uptime: BotUptime) {
        guard let share = uptime.share else {
            self = .none
            return
        }
        self = share >= 0.9995 ? .good : share >= 0.97 ? .warn : .bad
    }

    var height: Int {
        switch self {
        case .good: 36
        case .warn: 26
        case .bad: 14
        case .none: 4
        }
    }
}

extension HTML {
    /// A bar for each UTC day, oldest first.
    mutating func uptimeBars(_ title: String, _ days: [BotUptime], total: Double?) {
        let up = "\(DurationText.uptime(total)) up"
        figure(.class("chart uptime")) { html in
            html.figcaption { html in
                html.text(title)
                html.output { $0.text(up) }
            }
            html.svg(.fixed("role", "img"), .text("aria-label", Self.spoken(title, up, days))) { html in
                for (index, day) in days.enumerated() { html.uptimeBar(day, index, of: days.count) }
            }
            html.p { html in
                html.span(text: days.first?.start.dayInUTC.short ?? "")
                html.span(text: "Today")
            }
        }
    }

    private mutating func uptimeBar(_ day: BotUptime, _ index: Int, of count: Int) {
        let grade = DayGrade(day)
        let width = 100 / Double(count)
        element(
            "rect",
            [
                .text("class", grade.rawValue), .text("x", "\(SVGPath.text(Double(index) * width))%"),
                .integer("y", 36 - grade.height), .text("width", "\(SVGPath.text(width))%"),
                .integer("height", grade.height),
            ]
        ) { html in html.element("title", []) { $0.text(Self.said(of: day)) } }
    }

    /// For example `11 Jun: 99.20% up, 11 min away`.
    private static func said(of day: BotUptime) -> String {
        let date = day.start.dayInUTC.short
        guard let share = day.share else { return "\(date): not recorded" }
        let away = day.offline >= 1 ? ", \(DurationText.text(Int64(saturating: day.offline.rounded(.down)))) down" : ""
        return "\(date): \(DurationText.uptime(share)) up\(away)"
    }

    private static func spoken(_ title: String, _ up: String, _ days: [BotUptime]) -> String {
        let interrupted = days.filter { DayGrade($0) == .warn || DayGrade($0) == .bad }
        guard !interrupted.isEmpty else { return "\(title): \(up). No interruption." }
        let list = interrupted.map { "\($0.start.dayInUTC.short) \(DurationText.uptime($0.share))" }
        return "\(title): \(up). \(interrupted.count) with an interruption: \(list.joined(separator: ", "))."
    }

    /// The legend of the colours and heights; one for several charts.
    mutating func uptimeLegend() {
        markup(
            """
            <ul class="legend"><li class="good"><span class="dot"></span><span>up</span></li>\
            <li class="warn"><span class="dot"></span><span>brief outage</span></li>\
            <li class="bad"><span class="dot"></span><span>long outage</span></li></ul>
            """)
    }
}
