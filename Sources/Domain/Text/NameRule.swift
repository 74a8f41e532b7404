internal import Formats

/// The characters that a name may have.
///
/// `dashboard.has_refused` and `dashboard.is_seen` apply the same rules to data from bots.
package enum NameRule {
    /// Controls, characters that reorder or hide the text around them, and noncharacters.
    ///
    /// Joiners, direction marks, variation selectors and tags stay, because scripts and emoji need them.
    private static let refused: [ClosedRange<UInt32>] = [
        // C0, C1 with U+0085, and the soft hyphen.
        0x00...0x1F, 0x7F...0x9F, 0xAD...0xAD,
        // Zero width space; line and paragraph separators, embeddings and overrides; word joiners, isolates and
        // similar.
        0x200B...0x200B, 0x2028...0x202E, 0x2060...0x206F,
        // Byte order mark, annotations, language tags, and Unicode's noncharacters.
        0xFEFF...0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE001F, 0xFDD0...0xFDEF,
    ]

    /// Characters that are invisible alone: marks, joiners, selectors, letters with a blank glyph, private use.
    private static let blank: [ClosedRange<UInt32>] = [
        0x0300...0x036F, 0x061C...0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x1AB0...0x1AFF,
        0x1DC0...0x1DFF, 0x200C...0x200F, 0x20D0...0x20FF, 0x2800...0x2800, 0x3164...0x3164, 0xE000...0xF8FF,
        0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFFA0...0xFFA0, 0xE0020...0xE01EF, 0xF0000...0x10FFFF,
    ]

    package static func refuses(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value & 0xFFFE == 0xFFFE || refused.contains { $0.contains(scalar.value) }
    }

    /// A name from Discord, which this service cannot refuse: without the refused characters and the white space at its
    /// ends, truncated to `limit` code points.
    ///
    /// - Returns: nil if nothing of it is visible.
    package static func cleaned(_ text: String, _ limit: Int) -> String? {
        guard text.unicodeScalars.contains(where: isSeen) else { return nil }
        let kept = text.unicodeScalars.filter { !refuses($0) }.drop { $0.properties.isWhitespace }
        let cut = kept.prefix(limit)
        let end = cut.lastIndex { !$0.properties.isWhitespace }.map(cut.index(after:)) ?? cut.startIndex
        return String(String.UnicodeScalarView(cut[..<end]))
    }

    /// Letters with a blank glyph: a handle with one of them looks like another handle.
    package static func isBlankLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0: true
        default: false
        }
    }

    package static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && !refuses(scalar) && !blank.contains { $0.contains(scalar.value) }
    }
}
