@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    /// Rows of three cells, one a line, which a reader of RFC 4180 gives back.
    static let csv = FuzzTarget("csv") { bytes in
        let cells = bytes.split(separator: 0, omittingEmptySubsequences: false).map { text($0) }
        let rows = stride(from: 0, to: cells.count, by: 3).map { Array(cells[$0..<min($0 + 3, cells.count)]) }
        var writer = CSVWriter(capacity: 16)
        for row in rows { writer.row(row) }
        let read = CSVReader.rows(writer.finish().array)
        check(read.count == rows.count, "as many rows are read as were written")
        for (row, cells) in zip(rows, read) {
            check(row.count == cells.count, "as many cells are read as were written")
            for (cell, shown) in zip(row, cells) {
                check(!beginsFormula(shown), "no cell begins as a formula, whatever separates cells")
                check(isGuarded(shown, cell.bytes), "a cell is read as it was written, but for apostrophes")
            }
        }
    }

    /// Whether the cell, or a part that another separator would make a cell, begins with a formula's sign.
    private static func beginsFormula(_ shown: [UInt8]) -> Bool {
        let (opening, separators) = (Array("=+-@\t\r\n".utf8), Array(";\t\r\n".utf8))
        return shown.indices.contains { index in
            opening.contains(shown[index]) && (index == 0 || separators.contains(shown[index - 1]))
        }
    }

    /// Whether only apostrophes were added.
    private static func isGuarded(_ shown: [UInt8], _ cell: [UInt8]) -> Bool {
        var rest = cell[...]
        for byte in shown {
            if rest.first == byte {
                rest = rest.dropFirst()
            } else if byte != UInt8(ascii: "'") {
                return false
            }
        }
        return rest.isEmpty
    }
}

/// Reads RFC 4180.
private enum CSVReader {
    static func rows(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var (rows, row, cell, isQuoted): ([[[UInt8]]], [[UInt8]], [UInt8], Bool) = ([], [], [], false)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                if isQuoted, rest.first == byte {
                    cell.append(byte)
                    rest = rest.dropFirst()
                } else {
                    isQuoted.toggle()
                }
            case UInt8(ascii: ",") where !isQuoted:
                row.append(cell)
                cell = []
            case UInt8(ascii: "\r") where !isQuoted && rest.first == UInt8(ascii: "\n"):
                rest = rest.dropFirst()
                rows.append(row + [cell])
                (row, cell) = ([], [])
            default: cell.append(byte)
            }
        }
        check(!isQuoted && row.isEmpty && cell.isEmpty, "the last row is closed")
        return rows
    }
}
