/// Comma-separated values as RFC 4180 writes them, in UTF-8.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe before it: texts come from people.
struct CSVWriter: ~Copyable {
    private var out: ByteWriter
    private var isFirst = true

    init(capacity: Int = 65_536) { out = ByteWriter(capacity: capacity) }

    var count: Int { out.count }

    consuming func finish() -> Bytes { out.finish() }

    mutating func row(_ cells: [String]) {
        for cell in cells { self.cell(cell) }
        out.literal("\r\n")
        isFirst = true
    }

    private mutating func cell(_ text: String) {
        if !isFirst { out.byte(UInt8(ascii: ",")) }
        isFirst = false
        let bytes = Array(text.utf8)
        let isFormula = bytes.first.map { Self.opening.contains($0) } ?? false
        guard isFormula || bytes.contains(where: { Self.special.contains($0) }) else { return out.raw(bytes) }
        out.literal("\"")
        if isFormula { out.literal("'") }
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { out.byte(byte) }
            out.byte(byte)
        }
        out.literal("\"")
    }

    /// What spreadsheets begin a formula with, and what they drop before one (OWASP, CSV injection).
    private static let opening = Set("=+-@\t\r\n".utf8)
    private static let special = Set("\",\r\n".utf8)
}
