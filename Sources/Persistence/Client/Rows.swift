internal import CLibPQ

/// The rows of one result in PostgreSQL's binary format, read without a copy.
///
/// `Columns`, `ColumnPlaces` and the single-value reads know the position of each column.
@safe package final class Rows: @unchecked Sendable {
    /// Microseconds from 1970-01-01 to 2000-01-01, PostgreSQL's epoch.
    static let epochOffset: Int64 = 946_684_800_000_000

    private let result: OpaquePointer
    package let count: Int
    /// Rows changed by an INSERT, UPDATE or DELETE without RETURNING.
    package var changed: Int { unsafe Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// Takes ownership of the result.
    init(_ result: OpaquePointer) {
        unsafe self.result = result
        count = Int(unsafe PQntuples(result))
    }

    deinit { unsafe PQclear(result) }

    package subscript(index: Int) -> Row { Row(rows: self, index: index) }

    package var first: Row? { count > 0 ? self[0] : nil }

    @_lifetime(borrow self)
    package func bytes(_ row: Int, _ column: Int) -> Span<UInt8> {
        let start = unsafe UnsafeRawPointer(PQgetvalue(result, Int32(row), Int32(column)))
        let length = unsafe Int(PQgetlength(result, Int32(row), Int32(column)))
        let buffer = unsafe UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: length)
        let span = unsafe Span(_unsafeElements: buffer)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The oid of a column's type; 0 if there is no such column.
    func type(_ column: Int) -> UInt32 { unsafe PQftype(result, Int32(column)) }

    package func isNull(_ row: Int, _ column: Int) -> Bool {
        unsafe PQgetisnull(result, Int32(row), Int32(column)) != 0
    }

    /// In bytes; 0 for NULL.
    func length(_ row: Int, _ column: Int) -> Int { unsafe Int(PQgetlength(result, Int32(row), Int32(column))) }

    /// An integer whose eight bytes `ColumnLayout.checkAll` has checked.
    func wide(_ row: Int, _ column: Int) -> Int64 {
        guard let start = unsafe UnsafeRawPointer(PQgetvalue(result, Int32(row), Int32(column))) else {
            fatalError("A place of another description was read.")
        }
        return unsafe Int64(bigEndian: start.loadUnaligned(as: Int64.self))
    }

    /// An integer of 2, 4 or 8 bytes; nil if the value has another length, as NULL has.
    func number(_ row: Int, _ column: Int) -> Int64? {
        guard let start = unsafe UnsafeRawPointer(PQgetvalue(result, Int32(row), Int32(column))) else { return nil }
        switch unsafe PQgetlength(result, Int32(row), Int32(column)) {
        case 8: return unsafe Int64(bigEndian: start.loadUnaligned(as: Int64.self))
        case 4: return unsafe Int64(Int32(bigEndian: start.loadUnaligned(as: Int32.self)))
        case 2: return unsafe Int64(Int16(bigEndian: start.loadUnaligned(as: Int16.self)))
        default: return nil
        }
    }
}

/// One row of a result; keeps the whole result alive.
package struct Row {
    package let rows: Rows
    package let index: Int

    package func isNull(_ column: Int) -> Bool { rows.isNull(index, column) }

    /// - Throws: `null`; a value without bytes is not NULL.
    @_lifetime(borrow self)
    func bytes(_ column: Int) throws(Misreading) -> Span<UInt8> {
        let bytes = rows.bytes(index, column)
        if bytes.isEmpty, isNull(column) { throw .null }
        return bytes
    }

    /// A `smallint`, `integer`, `bigint` or `date`, or the bits of another type of such a length.
    func number(_ column: Int) throws(Misreading) -> Int64 {
        guard let number = rows.number(index, column) else {
            throw isNull(column) ? .null : .length(rows.bytes(index, column).count)
        }
        return number
    }
}
