internal import Formats

/// The name of an account on its platform, without the leading `@`.
package enum AccountHandle {
    /// The handle as stored: trimmed, and without one leading `@`.
    ///
    /// The rules are those of the platforms' help pages today. If old accounts may have shorter names than new ones
    /// (Facebook, Twitch, X), these are allowed too.
    package static func clean(_ text: String, on platform: Platform) throws(TextRule.Fault) -> String {
        let format = HandleFormat(platform)
        let line = try TextRule.line(2_000).clean(text)
        let handle = line.utf8.first == UInt8(ascii: "@") ? String(line.unicodeScalars.dropFirst()) : line
        let scalars = handle.unicodeScalars
        guard scalars.allSatisfy({ format.allows($0) && !NameRule.isBlankLetter($0) }) else {
            let isAddress = handle.utf8.contains(UInt8(ascii: "/"))
            throw TextRule.Fault(
                message: isAddress
                    ? "must be the name alone, not an address." : "can only contain \(format.characters).")
        }
        guard format.length.contains(scalars.count) else {
            throw TextRule.Fault(
                message: "must have \(format.length.lowerBound) to \(format.length.upperBound) characters.")
        }
        if let fault = format.fault(handle) { throw TextRule.Fault(message: fault) }
        return handle
    }
}

/// The format of a platform's handles.
struct HandleFormat {
    let length: ClosedRange<Int>
    /// The allowed characters, in words.
    let characters: String
    /// Besides letters and digits.
    private let signs: Set<Unicode.Scalar>
    /// True if letters of all alphabets are allowed.
    private let isInternational: Bool
    private let platform: Platform

    init(_ platform: Platform) {
        self.platform = platform
        isInternational = platform == .youtube
        switch platform {
        case .instagram, .threads:
            (length, signs) = (1...30, [".", "_"])
            characters = "letters from a to z, digits, dots and underscores"
        case .tiktok:
            (length, signs) = (2...24, [".", "_"])
            characters = "letters from a to z, digits, dots and underscores"
        case .youtube:
            // The middle dot occurs in Catalan and Chinese.
            (length, signs) = (3...30, [".", "_", "-", "\u{B7}"])
            characters = "letters, digits, dots, hyphens and underscores"
        case .x:
            (length, signs) = (1...15, ["_"])
            characters = "letters from a to z, digits and underscores"
        case .facebook:
            (length, signs) = (1...50, [".", "-"])
            characters = "letters from a to z, digits, dots and hyphens"
        case .twitch:
            (length, signs) = (2...25, ["_"])
            characters = "letters from a to z, digits and underscores"
        }
    }

    func allows(_ scalar: Unicode.Scalar) -> Bool {
        if let byte = UInt8(exactly: scalar.value), byte < 0x80 {
            return byte.isDigit || byte.isASCIILetter || signs.contains(scalar)
        }
        if signs.contains(scalar) { return true }
        guard isInternational else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            return !scalar.properties.isWhitespace
        default: return false
        }
    }

    /// Errors other than length and characters.
    func fault(_ handle: String) -> String? {
        let (dot, bytes) = (UInt8(ascii: "."), Array(handle.utf8))
        switch platform {
        case .instagram, .threads:
            if bytes.first == dot || bytes.last == dot { return "must not begin or end with a dot." }
            return zip(bytes, bytes.dropFirst()).contains { $0 == dot && $1 == dot }
                ? "must not have two dots in a row." : nil
        case .tiktok: return bytes.last == dot ? "must not end with a dot." : nil
        case .twitch: return bytes.first == UInt8(ascii: "_") ? "must not begin with an underscore." : nil
        case .youtube, .x, .facebook: return nil
        }
    }
}
