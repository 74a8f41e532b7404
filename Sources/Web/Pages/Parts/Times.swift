internal import Domain
internal import Formats
internal import HTTP

/// The current time and time zone of a page.
struct PageClock: Sendable {
    let now: Timestamp
    var zone: TimeZoneRules = .utc

    var today: CalendarDay { zone.day(of: now) }

    /// For example `Europe/Paris (CEST)`.
    var zoneName: String {
        let (name, short) = (zone.name.description, zone.abbreviation(at: now))
        return name == short ? name : "\(name) (\(short))"
    }
}

extension HTML {
    /// A relative time, with the exact time as its title.
    mutating func time(_ time: Timestamp, _ clock: PageClock) {
        markup("<time")
        timeAttributes(time, clock)
        markup(" data-relative>")
        out.relative(RelativeTime(time, now: clock.now, in: clock.zone))
        markup("</time>")
    }

    /// The time of day, below a heading with its day; the exact time is its title.
    mutating func timeOfDay(_ time: Timestamp, _ clock: PageClock) {
        markup("<time")
        timeAttributes(time, clock)
        markup(">")
        text(clock.zone.local(time).clock)
        markup("</time>")
    }

    /// The date and time of day.
    mutating func exactTime(_ time: Timestamp, _ clock: PageClock) {
        markup(#"<time datetime=""#)
        out.plainTime(Timestamp(seconds: time.seconds))
        markup("\">")
        out.exact(clock.zone.local(time))
        markup("</time>")
    }

    private mutating func timeAttributes(_ time: Timestamp, _ clock: PageClock) {
        markup(#" datetime=""#)
        out.plainTime(Timestamp(seconds: time.seconds))
        markup(#"" title=""#)
        out.exact(clock.zone.local(time))
        markup("\"")
    }

    mutating func day(_ day: CalendarDay) {
        markup(#"<time datetime=""#)
        out.plainDay(day)
        markup("\">")
        out.longDay(day)
        markup("</time>")
    }

    /// A time of the bot's status, updated by script.
    mutating func liveTime(_ field: StaticString, _ time: Timestamp?, _ clock: PageClock) {
        markup(#"<time data-status=""#)
        markup(field)
        markup(#"" data-relative"#)
        if let time { timeAttributes(time, clock) }
        markup(">")
        if let time { out.relative(RelativeTime(time, now: clock.now, in: clock.zone)) } else { markup("never") }
        markup("</time>")
    }

    /// A figure of the bot's status, updated by script.
    mutating func live(_ field: StaticString, _ text: String) { span(.fixed("data-status", field), text: text) }
}

extension ByteWriter {
    /// For example `12 Jun 2025, 14:02:19 UTC`.
    fileprivate mutating func exact(_ time: LocalTime) {
        longDay(time.day)
        literal(", ")
        twoDigits(time.hour)
        literal(":")
        twoDigits(time.minute)
        literal(":")
        twoDigits(time.second)
        literal(" ")
        html(time.abbreviation)
    }

    fileprivate mutating func relative(_ time: RelativeTime) {
        switch time {
        case .now: literal("just now")
        case .past(let count, let unit):
            integer(count)
            literal(unit.afterCount)
            literal(" ago")
        case .ahead(let count, let unit):
            literal("in ")
            integer(count)
            literal(unit.afterCount)
        case .day(let day): longDay(day)
        }
    }

    /// For example `12 Jun 2025`.
    fileprivate mutating func longDay(_ day: CalendarDay) {
        let (year, month, dayOfMonth) = day.parts
        integer(Int64(dayOfMonth))
        literal(Self.months[month - 1])
        integer(Int64(year))
    }

    private static let months: [StaticString] = [
        " Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ", " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec ",
    ]

    private mutating func twoDigits(_ value: Int) {
        byte(UInt8(truncatingIfNeeded: 48 + value / 10))
        byte(UInt8(truncatingIfNeeded: 48 + value % 10))
    }
}

extension RelativeTime.Unit {
    fileprivate var afterCount: StaticString {
        switch self {
        case .seconds: " s"
        case .minutes: " min"
        case .hours: " h"
        case .days: " d"
        }
    }
}
