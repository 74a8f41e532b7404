internal import Domain

/// The clock and calendar that a page goes by.
struct PageClock: Sendable {
    let now: Timestamp
    var zone: TimeZoneRules = .utc

    /// As in `12 Jun 2025, 14:02:19 UTC`.
    func exact(_ time: Timestamp) -> String {
        let local = zone.local(time)
        return "\(local.day.short) \(local.day.year), \(local.clock):\(local.second.padded) \(local.abbreviation)"
    }

    /// As in `14:02 UTC`.
    func short(_ time: Timestamp) -> String {
        let local = zone.local(time)
        return "\(local.clock) \(local.abbreviation)"
    }

    /// As in `12 s ago`, or the day from 60 days on. The script that keeps it true has the same wording.
    func relative(_ time: Timestamp) -> String {
        RelativeTime.text(time, now: now, in: zone)
    }

    var today: CalendarDay { zone.day(of: now) }
}

extension HTML {
    mutating func time(_ time: Timestamp, _ clock: PageClock) {
        markup(#"<time datetime=""#)
        out.plainTime(Timestamp(seconds: time.seconds))
        markup(#"" title=""#)
        text(clock.exact(time))
        markup(#"" data-relative>"#)
        text(clock.relative(time))
        markup("</time>")
    }

    mutating func day(_ day: CalendarDay) {
        markup(#"<time datetime=""#)
        out.plainDay(day)
        markup("\">")
        text("\(day.short) \(day.year)")
        markup("</time>")
    }

    /// A time of the bot's status, kept up to date by script.
    mutating func liveTime(_ field: StaticString, _ time: Timestamp?, _ clock: PageClock) {
        let relative = Attribute.flag("data-relative")
        guard let time else { return self.time(.fixed("data-status", field), relative, text: "never") }
        self.time(
            .fixed("data-status", field), relative, .text("datetime", Timestamp(seconds: time.seconds).iso8601),
            .text("title", clock.exact(time)), text: clock.relative(time))
    }

    /// A figure of the bot's status, kept up to date by script.
    mutating func live(_ field: StaticString, _ text: String) { span(.fixed("data-status", field), text: text) }

    /// Something that is true in these states only; script shows and hides it.
    mutating func onlyWhile(_ states: [BotState], _ state: BotState, content: Content) {
        p(
            .fixed("data-status", "only"), .text("data-states", states.map(\.rawValue).joined(separator: " ")),
            .flag("hidden", !states.contains(state)), content: content)
    }
}

extension Int {
    /// With two digits.
    fileprivate var padded: String { self < 10 ? "0\(self)" : "\(self)" }
}
