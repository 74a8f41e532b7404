package import Formats

/// The rule of one field of a request, and the value it becomes.
///
/// A rule returns nil exactly if it has added a complaint.
package struct FieldRule<Value: Sendable>: Sendable {
    let read: @Sendable (JSONValue, _ pointer: String, inout [Rejection.Complaint]) -> Value?

    /// A rule that parses a value, or complains with the expectation: "must be …".
    package init(
        _ expectation: @escaping @autoclosure @Sendable () -> String, _ value: @escaping @Sendable (JSONValue) -> Value?
    ) {
        read = { json, pointer, complaints in
            if let value = value(json) { return value }
            complaints.append(Rejection.Complaint(pointer, expectation()))
            return nil
        }
    }

    init(read: @escaping @Sendable (JSONValue, String, inout [Rejection.Complaint]) -> Value?) { self.read = read }
}

extension FieldRule where Value == String {
    package static func text(_ rule: TextRule) -> FieldRule {
        FieldRule { json, pointer, complaints in
            guard let text = json.string else {
                complaints.append(Rejection.Complaint(pointer, "must be text."))
                return nil
            }
            do throws(TextRule.Fault) { return try rule.clean(text) } catch {
                complaints.append(Rejection.Complaint(pointer, error.message))
                return nil
            }
        }
    }
}

extension FieldRule where Value == Int64 {
    package static func integer(in range: ClosedRange<Int64>) -> FieldRule {
        FieldRule("must be a whole number from \(range.lowerBound) to \(range.upperBound).") { json in
            json.int64.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number of a bot: `1.0` counts.
    package static func whole(in range: ClosedRange<Int64>) -> FieldRule {
        FieldRule("must be a whole number from \(range.lowerBound) to \(range.upperBound).") { json in
            json.whole.flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension FieldRule where Value == Bool {
    package static var boolean: FieldRule { FieldRule("must be true or false.", \.bool) }
}

extension FieldRule where Value == Timestamp {
    package static var timestamp: FieldRule {
        FieldRule { json, pointer, complaints in
            if let time = json.string.flatMap({ Timestamp.parseAnyForm($0) }) { return time }
            let isWithoutZone = json.string.map { Timestamp.lacksZone($0) } ?? false
            complaints.append(
                Rejection.Complaint(
                    pointer,
                    isWithoutZone
                        ? "has no time zone: add Z or an offset, such as 2026-08-06T14:02:03Z."
                        : "must be a time such as 2026-08-06T14:02:03Z."))
            return nil
        }
    }
}

extension FieldRule where Value == CalendarDay {
    package static var day: FieldRule {
        FieldRule("must be a day such as 2026-08-06.") { $0.string.flatMap { CalendarDay.parse($0) } }
    }
}

extension FieldRule where Value == JSONValue {
    /// Accepts any value; the caller validates it.
    package static var anything: FieldRule { FieldRule("is required.") { $0 } }
}
