internal import Formats

/// A person's permissions in a guild as Discord states them, a bit for each.
package struct Permissions: Hashable, Sendable {
    package let bits: UInt64

    package init(bits: UInt64) { self.bits = bits }

    package static let none = Permissions(bits: 0)
    /// Everything in the guild, whatever else is set.
    package static let administrator = Permissions(bits: 0x8)
    /// Change the guild's name, settings and bots.
    package static let manageGuild = Permissions(bits: 0x20)

    /// Reads Discord's decimal text.
    ///
    /// Bits beyond the 64th are dropped, so that a permission added by Discord locks nobody out; a text with anything
    /// but digits gives no permission.
    package init(decimal text: some StringProtocol) {
        var bits: UInt64 = 0
        for byte in Array(text.utf8) {
            guard byte.isDigit else {
                self = .none
                return
            }
            // Wrapping arithmetic leaves the number modulo 2^64, its low bits.
            bits = bits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        }
        self.init(bits: bits)
    }

    /// Decimal, as Discord writes it.
    package var decimal: String { String(bits) }
}
