internal import Domain
internal import Formats

/// The end of a page: the sort key of its last row, and that row's id for equal keys.
package struct Position: Sendable, Equatable {
    package enum Key: Sendable, Equatable {
        /// Also a time, in microseconds since 1970.
        case integer(Int64)
        case text(String)
    }

    package let key: Key
    package let id: Int64

    package init(key: Key, id: Int64) {
        self.key = key
        self.id = id
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

    /// Reads one more row, to see if another page follows.
    var rowLimit: SQL { PageSize(holding: limit).limit }
}

/// A page of a list (keyset pagination).
///
/// Rows added meanwhile are neither skipped nor shown twice.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// The start of the next page; nil on the last page.
    package let next: Position?

    /// Reads rows that are sorted by a value of the items themselves.
    ///
    /// - Throws: `misread`.
    init(
        _ rows: Rows, _ slice: Slice, _ columns: Columns<Item>, position: (Item) -> Position
    ) throws(DatabaseFailure) {
        items = try columns.all(rows, atMost: slice.limit)
        next = rows.count > slice.limit ? items.last.map(position) : nil
    }

    /// Reads rows whose columns behind the items' are the key that they are sorted by.
    ///
    /// - Throws: `misread`.
    init<ID: Identifier>(
        _ rows: Rows, _ slice: Slice, _ columns: Columns<Item>, key: Columns<Position.Key>, id: (Item) -> ID
    ) throws(DatabaseFailure) {
        items = try columns.all(rows, atMost: slice.limit)
        guard rows.count > slice.limit, let last = items.last else {
            next = nil
            return
        }
        next = Position(key: try key.row(slice.limit - 1, of: rows, from: columns.count), id: id(last).number)
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
    init(exact count: Int) {
        value = count
        isMore = false
    }

    /// Counts the rows of a `FROM` clause.
    static func statement(_ source: SQL) -> SQL {
        "SELECT count(*) FROM (SELECT \(source) LIMIT 10001) AS counted"
    }
}
