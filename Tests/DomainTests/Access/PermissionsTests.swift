import Domain
import Formats
import Testing

@Suite struct `Discord permissions` {
    @Test(
        arguments: [
            ("0", 0), ("8", 8), ("0032", 32), ("2147483647", 0x7FFF_FFFF), ("4503599627370495", (1 << 52) - 1),
            ("18446744073709551615", UInt64.max), ("18446744073709551616", 0), ("18446744073709551624", 8),
            // 2^70 + 0x28
            ("1180591620717411303464", 0x28),
        ] as [(String, UInt64)])
    func `are the low 64 bits of a decimal number`(text: String, bits: UInt64) {
        #expect(Permissions(decimal: text).bits == bits)
    }

    @Test(arguments: ["", "-8", "+8", " 8", "8 ", "0x8", "8.0", "8e1", "8\u{338}", "٨", "8,8", "8\u{0}", "null"])
    func `are none when the text is no number`(text: String) {
        #expect(Permissions(decimal: text) == .none)
    }
}
