internal import Formats

/// A person's Discord permissions in a guild, one bit each.
package struct Permissions: Hashable, Sendable {
    package let bits: UInt64

    package init(bits: UInt64) { self.bits = bits }

    package static let none = Permissions(bits: 0)
    /// All permissions, regardless of the other bits.
    package static let administrator = Permissions(bits: 0x8)
    /// Change the guild's name, settings and bots.
    package static let manageGuild = Permissions(bits: 0x20)

    package func hasAny(of others: Permissions...) -> Bool { others.contains { bits & $0.bits != 0 } }

    /// Parses Discord's decimal text.
    ///
    /// Bits beyond the 64th are dropped, so that new permissions of Discord do not lock anyone out. A text with other
    /// characters than digits gives no permission.
    package init(decimal text: some StringProtocol) {
        var bits: UInt64 = 0
        for byte in Array(text.utf8) {
            guard byte.isDigit else {
                self = .none
                return
            }
            // Wrapping arithmetic keeps the low 64 bits.
            bits = bits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        }
        self.init(bits: bits)
    }

    /// Decimal, as Discord writes it.
    package var decimal: String { String(bits) }
}
