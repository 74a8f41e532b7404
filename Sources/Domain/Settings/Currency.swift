internal import Formats

/// A currency of ISO 4217, identified by its code.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
    package let code: String

    /// Nil unless it is the code of a currency in use, in capitals.
    package init?(_ code: some StringProtocol) {
        guard let known = Self.list.first(where: { $0.currency.code.hasSameBytes(as: String(code)) }) else {
            return nil
        }
        self = known.currency
    }

    /// A stored code.
    ///
    /// It may be from an older list.
    package init(stored code: String) { self.code = code }

    package var description: String { code }

    package static let usDollar = Currency(stored: "USD")

    /// All of them with their names, by code.
    package static let list: [(currency: Currency, name: String)] = EmbeddedFile.all
        .flatMap { $0.text.description.split(separator: "\n") }
        .filter { !$0.hasPrefix("#") }
        .map { line in (Currency(stored: String(line.prefix(3))), String(line.dropFirst(4))) }
}
