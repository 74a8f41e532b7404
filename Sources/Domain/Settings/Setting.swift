/// One setting of a server, declared once.
///
/// The API, its description, the page, its form, the audit log and the table's statements are made from it.
package struct Setting: Sendable {
    package typealias Path<Value> = any WritableKeyPath<ServerSettings, Value> & Sendable

    /// The value's key path, and the allowed values.
    package enum Kind: Sendable {
        case toggle(Path<Bool>)
        case number(Path<Int>, ClosedRange<Int64>, SettingUnit)
        /// Nil is shown as the last word.
        case optionalNumber(Path<Int?>, ClosedRange<Int64>, SettingUnit, nothing: String)
        case timezone, currency, webhook
    }

    /// The name in the API, in forms and in the audit log.
    package let name: StaticString
    /// Of the table `guild_settings`.
    package let column: StaticString
    package let kind: Kind
    package let label: String
    package let hint: String
    /// The name in sentences of the audit log.
    package let auditWord: String
    /// Whether clients may leave it out, which keeps the present value: they may be older than the setting.
    package let mayBeMissing: Bool

    init(
        _ name: StaticString, _ column: StaticString, _ kind: Kind, _ label: String, hint: String, auditWord: String,
        mayBeMissing: Bool = false
    ) {
        self.name = name
        self.column = column
        self.kind = kind
        self.label = label
        self.hint = hint
        self.auditWord = auditWord
        self.mayBeMissing = mayBeMissing
    }

    package var key: String { name.description }
}

extension Setting: Hashable {
    package static func == (left: Setting, right: Setting) -> Bool { left.key == right.key }
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

package enum SettingUnit: Sendable {
    case minutes, days, percent

    /// As in `30 min`, `1 day` and `80%`.
    package func text(_ number: String) -> String {
        switch self {
        case .minutes: "\(number) min"
        case .days: number == "1" ? "1 day" : "\(number) days"
        case .percent: "\(number)%"
        }
    }
}

/// Settings that the page shows in one card.
package struct SettingSection: Sendable {
    package let id: StaticString
    package let title: String
    package let settings: [Setting]

    init(_ id: StaticString, _ title: String, _ settings: [Setting]) {
        self.id = id
        self.title = title
        self.settings = settings
    }
}
