internal import Formats

/// The rule for a text from a client.
///
/// Direction marks and look-alikes are kept; pages show text so that they do no harm. One line contains none of the
/// characters that `NameRule` rejects. Text is not normalized, because PostgreSQL compares it by bytes.
package struct TextRule: Hashable, Sendable {
    /// In unicode scalars, which PostgreSQL calls characters.
    package let length: ClosedRange<Int>
    package let maximalBytes: Int
    /// Whether line breaks and tabs are allowed.
    package let hasLines: Bool

    package init(length: ClosedRange<Int>, maximalBytes: Int? = nil, hasLines: Bool = false) {
        self.length = length
        self.maximalBytes = maximalBytes ?? length.upperBound * 4
        self.hasLines = hasLines
    }

    /// One line that is not empty.
    package static func line(_ maximum: Int) -> TextRule { TextRule(length: 1...maximum) }

    /// Any number of lines, or none.
    package static func lines(_ maximum: Int) -> TextRule { TextRule(length: 0...maximum, hasLines: true) }

    /// The error of a text, as a complaint for its author.
    package struct Fault: Error, Equatable, Sendable {
        package let message: String

        package init(message: String) { self.message = message }
    }

    /// The text to store: trimmed, and with each CRLF (as forms send it) as a line feed.
    package func clean(_ text: String) throws(Fault) -> String {
        // A text that is far too long is not copied or searched.
        guard text.utf8.count <= maximalBytes * 2 + 1_000 else { throw tooLong }
        let lines = Self.withoutCarriageReturns(text)
        if let found = lines.unicodeScalars.first(where: { !isAllowed($0) }) {
            let digits = String(found.value, radix: 16, uppercase: true)
            let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            let kind = found.properties.generalCategory == .control ? "control" : "invisible"
            throw Fault(message: "must not contain \(kind) characters (\(code)).")
        }
        let trimmed = Self.trimmed(lines)
        guard trimmed.unicodeScalars.count <= length.upperBound, trimmed.utf8.count <= maximalBytes else {
            throw tooLong
        }
        guard trimmed.unicodeScalars.count >= length.lowerBound else { throw tooShort }
        return trimmed
    }

    /// The same for bytes, which must be UTF-8.
    package func clean(_ bytes: [UInt8]) throws(Fault) -> String {
        guard let text = UTF8Validity.text(bytes[...]) else { throw Fault(message: "must be UTF-8.") }
        return try clean(text)
    }

    private var tooLong: Fault { Fault(message: "must have at most \(length.upperBound) characters.") }

    private var tooShort: Fault {
        Fault(
            message: length.lowerBound == 1
                ? "must not be empty." : "must have at least \(length.lowerBound) characters.")
    }

    private func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        guard hasLines else { return !NameRule.refuses(scalar) }
        return scalar == "\n" || scalar == "\t" || scalar.value >= 0x20 && scalar.value != 0x7F
    }

    private static func withoutCarriageReturns(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        var kept = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in text.unicodeScalars {
            if wasReturn, scalar != "\n" { kept.append("\r") }
            wasReturn = scalar == "\r"
            if !wasReturn { kept.append(scalar) }
        }
        if wasReturn { kept.append("\r") }
        return String(kept)
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.unicodeScalars.drop { $0.properties.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(String.UnicodeScalarView(start[...last]))
    }
}
