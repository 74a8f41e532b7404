internal import Formats
internal import HTTP

/// The colours that a person chose; no choice follows the system.
package enum Theme: String, Sendable, CaseIterable {
    case light, dark

    static let cookie = "theme"

    /// From the cookie that the switch sets.
    ///
    /// It is no secret, and anything unknown in it is no choice.
    init?(_ headers: HeaderFields) {
        guard let value = try? Cookies(headers).value(Self.cookie) else { return nil }
        self.init(rawValue: String(value))
    }
}
