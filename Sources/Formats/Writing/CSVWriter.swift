/// Writes comma-separated values (RFC 4180) in UTF-8.
///
/// A cell that a spreadsheet would read as a formula gets a leading apostrophe, because cells contain user input.
package struct CSVWriter: ~Copyable {
    private var out: ByteWriter
    private var isFirst = true

    package init(capacity: Int = 65_536) { out = ByteWriter(capacity: capacity) }

    package var count: Int { out.count }

    package consuming func finish() -> Bytes { out.finish() }

    package mutating func row(_ cells: [String]) {
        for cell in cells { self.cell(cell) }
        out.literal("\r\n")
        isFirst = true
    }

    private mutating func cell(_ text: String) {
        if !isFirst { out.byte(UInt8(ascii: ",")) }
        isFirst = false
        let bytes = Array(text.utf8)
        guard Self.opensFormula(bytes[...]) || bytes.contains(where: { Self.special.contains($0) }) else {
            return out.raw(bytes)
        }
        out.literal("\"")
        var isAtStart = true
        for (index, byte) in bytes.enumerated() {
            let opens = Self.opensFormula(bytes[index...]) || byte == UInt8(ascii: "\"") && index > 0
            if isAtStart, opens { out.literal("'") }
            if byte == UInt8(ascii: "\"") { out.byte(byte) }
            out.byte(byte)
            isAtStart = Self.otherSeparators.contains(byte)
        }
        out.literal("\"")
    }

    /// True if a spreadsheet would read a cell of these bytes as a formula.
    ///
    /// The cell begins with a formula sign (also in full-width East Asian form), or with a character that spreadsheets
    /// drop before one (OWASP, CSV injection).
    private static func opensFormula(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return false }
        return opening.contains(first) || wideOpening.contains { bytes.starts(with: $0.utf8) }
    }

    private static let opening = Set("=+-@\t\r\n".utf8)
    private static let wideOpening = ["\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]
    private static let special = Set("\",;\t\r\n".utf8)
    /// Separators of spreadsheets that do not split at commas.
    ///
    /// Quotes do not protect against them, because they are then not at the start of the cell.
    private static let otherSeparators = Set(";\t\r\n".utf8)
}
