package import Domain
internal import Formats

/// A read of a tenant's data: a few statements, and the value of their rows.
///
/// Several queries share one round trip: `database.read(Accounts.page(…), Accounts.count(…), in: access)`.
package struct Query<Value>: Sendable {
    let statements: @Sendable (GuildAccess) -> [SQL]
    /// Gets the rows of its own statements, in order.
    let value: @Sendable (ArraySlice<Rows>) throws(DatabaseFailure) -> Value
    /// True if its cost grows with the tenant's data; it then runs in the slow lane.
    private(set) var isSlow = false

    init(
        statements: @escaping @Sendable (GuildAccess) -> [SQL],
        value: @escaping @Sendable (ArraySlice<Rows>) throws(DatabaseFailure) -> Value
    ) {
        self.statements = statements
        self.value = value
    }

    init(
        _ statement: @escaping @Sendable (GuildAccess) -> SQL,
        value: @escaping @Sendable (Rows) throws(DatabaseFailure) -> Value
    ) {
        statements = { [statement($0)] }
        self.value = { answers throws(DatabaseFailure) in try value(answers[answers.startIndex]) }
    }

    func slow(if condition: Bool = true) -> Query {
        var copy = self
        copy.isSlow = condition
        return copy
    }
}

extension Database {
    /// Runs the queries in one transaction and one round trip, for the tenant that `access` proves; in the slow lane if
    /// one of them is slow.
    package func read<each Value>(
        _ query: repeat Query<each Value>, in access: GuildAccess
    ) async throws(DatabaseFailure) -> (repeat each Value) {
        var statements: [SQL] = []
        var counts: [Int] = []
        var isSlow = false
        for query in repeat each query {
            let own = query.statements(access)
            statements += own
            counts.append(own.count)
            isSlow = isSlow || query.isSlow
        }
        let rows = try await rows(statements, in: access, isSlow: isSlow)
        var answers = Answers(rows: rows[...], counts: counts[...])
        return (repeat try (each query).value(answers.next()))
    }
}

extension Database {
    /// Reads one object.
    ///
    /// - Throws: `notFound` if the tenant has no such object, `DatabaseFailure`.
    package func find<Value: Sendable>(_ query: Query<Value?>, in access: GuildAccess) async throws -> Value {
        let found: Value? = try await read(query, in: access)
        guard let found else { throw Rejection.notFound }
        return found
    }
}

/// Distributes the results of a batch to its queries.
private struct Answers {
    var rows: ArraySlice<Rows>
    var counts: ArraySlice<Int>

    mutating func next() -> ArraySlice<Rows> {
        let count = counts.removeFirst()
        defer { rows = rows.dropFirst(count) }
        return rows.prefix(count)
    }
}
