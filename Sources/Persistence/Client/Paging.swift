internal import Domain
internal import Formats

/// A place in a list: the sort key of the row beside it, and that row's id for equal keys.
package struct Position: Sendable, Equatable {
    package enum Key: Sendable, Equatable {
        /// Also a time, in microseconds since 1970.
        case integer(Int64)
        case text(String)
    }

    package let key: Key
    package let id: Int64
    /// True if the page ends before the row; otherwise it begins after it.
    package let isBefore: Bool
    /// The number of rows before the place, when it was read.
    package let rowsBefore: Int64

    package init(key: Key, id: Int64, isBefore: Bool = false, rowsBefore: Int64 = 0) {
        self.key = key
        self.id = id
        self.isBefore = isBefore
        self.rowsBefore = rowsBefore
    }

    fileprivate func at(_ rowsBefore: Int64, isBefore: Bool) -> Position {
        Position(key: key, id: id, isBefore: isBefore, rowsBefore: rowsBefore)
    }

    /// The key of an order by number or time.
    var integer: Int64 { if case .integer(let number) = key { number } else { 0 } }

    /// The key of an order by text.
    var text: String { if case .text(let text) = key { text } else { "" } }
}

extension Position {
    static func textKey(_ column: SQL, of table: StaticString) -> Columns<Key> {
        Columns(table) { row throws(DatabaseFailure) in .text(try row(column)) }
    }

    static func integerKey(_ column: SQL, of table: StaticString) -> Columns<Key> {
        Columns(table) { row throws(DatabaseFailure) in .integer(try row(column)) }
    }

    static func timeKey(_ column: SQL, of table: StaticString) -> Columns<Key> {
        Columns(table) { row throws(DatabaseFailure) in .integer(try row(column, as: ServerTime.self).microseconds) }
    }
}

/// The requested part of a list.
package struct Slice: Sendable, Equatable {
    /// Rows on the page, 1 to 100.
    package let limit: Int
    package let position: Position?

    package init(_ limit: Int = 50, after position: Position? = nil) {
        self.limit = limit
        self.position = position
    }

    /// True for the page before a place: its rows are read in reverse.
    var isBackward: Bool { position?.isBefore ?? false }

    /// The comparison of the rows on the page with the position.
    func comparison(descending: Bool) -> SQL { descending != isBackward ? "<" : ">" }

    func direction(descending: Bool) -> SQL { descending != isBackward ? "DESC" : "ASC" }

    /// Reads one more row, to see if another page follows.
    var rowLimit: SQL { PageSize(holding: limit).limit }
}

/// The neighbours of a page of a list.
package struct PageEnds: Sendable, Equatable {
    /// The end of the previous page; nil on the first page.
    package let previous: Position?
    /// The start of the next page; nil on the last page.
    package let next: Position?
    /// The number of rows before the page, when the first page was read.
    package let rowsBefore: Int64

    /// `position` is the place of a row of the result.
    init(
        _ slice: Slice, read: Int, position: (Int) throws(DatabaseFailure) -> Position
    ) throws(DatabaseFailure) {
        let shown = min(read, slice.limit)
        guard shown > 0 else {
            (previous, next, rowsBefore) = (nil, nil, 0)
            return
        }
        let (hasMore, isBackward) = (read > slice.limit, slice.isBackward)
        let hasPrevious = isBackward ? hasMore : slice.position != nil
        let known = slice.position?.rowsBefore ?? 0
        let start = hasPrevious ? max(0, isBackward ? known.saturatingSubtract(Int64(shown)) : known) : 0
        rowsBefore = start
        previous = hasPrevious ? try position(isBackward ? shown - 1 : 0).at(start, isBefore: true) : nil
        next =
            isBackward || hasMore
            ? try position(isBackward ? 0 : shown - 1).at(start.saturatingAdd(Int64(shown)), isBefore: false) : nil
    }
}

/// A page of a list (keyset pagination).
///
/// Rows added meanwhile are neither skipped nor shown twice.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    package let ends: PageEnds
    package var next: Position? { ends.next }

    /// Reads rows that are sorted by a value of the items themselves.
    ///
    /// - Throws: `misread`.
    init(
        _ rows: Rows, _ slice: Slice, _ columns: Columns<Item>, position: (Item) -> Position
    ) throws(DatabaseFailure) {
        let read = try columns.all(rows, atMost: slice.limit)
        items = slice.isBackward ? read.reversed() : read
        ends = try PageEnds(slice, read: rows.count) { row throws(DatabaseFailure) in position(read[row]) }
    }

    /// Reads rows whose columns behind the items' are the key that they are sorted by.
    ///
    /// - Throws: `misread`.
    init<ID: Identifier>(
        _ rows: Rows, _ slice: Slice, _ columns: Columns<Item>, key: Columns<Position.Key>, id: (Item) -> ID
    ) throws(DatabaseFailure) {
        let read = try columns.all(rows, atMost: slice.limit)
        items = slice.isBackward ? read.reversed() : read
        ends = try PageEnds(slice, read: rows.count) { row throws(DatabaseFailure) in
            Position(key: try key.row(row, of: rows, from: columns.count), id: id(read[row]).number)
        }
    }
}

extension Page: Equatable where Item: Equatable {}

/// The number of rows of a filtered list, counted up to a limit, because counting more is slow.
package struct RowCount: Sendable, Equatable {
    package static let limit = 10_000

    /// At most `limit` if the rows were counted.
    package let value: Int
    /// True if there are more than `value`.
    package let isMore: Bool

    init(_ counted: Int) {
        value = min(counted, Self.limit)
        isMore = counted > Self.limit
    }

    /// A maintained count, which is cheap to read.
    package init(exact count: Int) {
        value = count
        isMore = false
    }

    /// Counts the rows of a `FROM` clause.
    static func statement(_ source: SQL) -> SQL {
        "SELECT count(*) FROM (SELECT \(source) LIMIT 10001) AS counted"
    }
}
