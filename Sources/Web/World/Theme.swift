internal import Formats
internal import HTTP

/// The color theme that a person chose; without a choice the system's.
package enum Theme: String, Sendable, CaseIterable {
    case light, dark

    static let cookie = "theme"

    /// From the cookie of the theme switch.
    ///
    /// The cookie is no secret; an unknown value means no choice.
    init?(_ headers: HeaderFields) {
        guard let value = try? Cookies(headers).value(Self.cookie) else { return nil }
        self.init(rawValue: String(value))
    }
}
