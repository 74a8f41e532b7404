internal import Domain
internal import Formats

/// The words for fields and values of the audit log.
enum AuditWords {
    private static let fields: [String: String] = [
        "displayName": "display name", "groupId": "group", "brandId": "brand", "externalId": "platform’s id",
        "leftAt": "time of leaving", "url": "address",
    ]

    /// The field in words: a known one by its name, another one by splitting its identifier.
    static func field(_ name: String) -> String {
        if let known = Setting.named(name)?.auditWord ?? fields[name] { return known }
        var words = ""
        for scalar in name.unicodeScalars.prefix(60) {
            switch scalar {
            case "A"..."Z": words += " " + String(scalar).lowercased()
            case "a"..."z", "0"..."9": words.unicodeScalars.append(scalar)
            default: words += " "
            }
        }
        let found = words.split(separator: " ").joined(separator: " ")
        return found.isEmpty ? "field" : found
    }

    static func value(_ value: JSONValue, _ field: String) -> AuditSentence.Part {
        switch value {
        case .bool(let isOn): .words(isOn ? "on" : "off")
        case .null: .words(Setting.named(field)?.nothing ?? "none")
        case .number(let number): .words(number.int64.map { NumberText.grouped($0) } ?? String(number.text.prefix(40)))
        case .string(let code) where word(code, field) != nil: .words(word(code, field) ?? code)
        case .string(let text): text.isEmpty ? .words("empty") : .name(shortened(text))
        case .array(let items): .words(items.count == 1 ? "one item" : "\(NumberText.grouped(items.count)) items")
        case .object: .words("something longer")
        }
    }

    /// The word for a code, for example `not found` for `not_found`.
    private static func word(_ code: String, _ field: String) -> String? {
        switch field {
        case "status": AccountStatus(rawValue: code)?.label.lowercased()
        case "platform": Platform(rawValue: code)?.label
        default: nil
        }
    }

    /// A note may have thousands of characters; the entry itself has the full text.
    static func shortened(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let line = String(String.UnicodeScalarView(scalars.prefix(80).map { $0.value < 0x20 ? " " : $0 }))
        return scalars.count > 80 ? line + "…" : line
    }

    /// A time as PostgreSQL writes it in JSON, to the minute.
    static func time(_ value: JSONValue?, in zone: TimeZoneRules) -> String? {
        value?.string.flatMap { Timestamp.parse($0) }.map { time in
            let local = zone.local(time)
            return "\(local.day.iso8601) \(local.clock) \(local.abbreviation)"
        }
    }

    /// For example `1 more change` and `345 more changes`.
    static func more(_ omitted: Int64) -> String {
        "\(NumberText.grouped(omitted)) more \(omitted == 1 ? "change" : "changes")"
    }

    /// For example `1 account` and `1,284 accounts`; nil if it is not a count.
    static func count(_ change: AuditChange) -> String? {
        let number = change.to.int64 ?? change.from?.int64
        guard let number, number > 0 else { return nil }
        var noun = field(change.field)
        if !noun.hasSuffix("s") { noun += "s" }
        if number == 1 { noun.removeLast() }
        return "\(NumberText.grouped(number)) \(noun)"
    }
}
