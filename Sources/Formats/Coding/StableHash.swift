/// The same number for the same text in every run, unlike `Hasher`'s.
///
/// Tells texts apart that differ by accident; it protects from nothing.
package enum StableHash {
    /// FNV-1a, 64 bits, in hexadecimal.
    package static func of(_ text: String) -> String {
        String(text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}
