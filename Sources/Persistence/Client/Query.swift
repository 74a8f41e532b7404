package import Domain

/// Something to read of a tenant: a few statements, and what their rows mean.
///
/// Several of them travel in one round trip: `database.read(Accounts.page(…), Accounts.count(…), in: access)`.
package struct Query<Value>: Sendable {
    let statements: @Sendable (GuildAccess) -> [SQL]
    /// Gets the rows of its own statements, in order.
    let value: @Sendable (ArraySlice<Rows>) throws(DatabaseFailure) -> Value
    /// Whether the time that it takes grows with what the tenant has: it runs in the slow lane.
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
    /// Reads all of it in one transaction and one round trip, held to the tenant whom `access` proves; in the slow lane if
    /// one of the queries is slow.
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
    /// Reads one thing.
    ///
    /// - Throws: `notFound` where the tenant has no such thing, `DatabaseFailure`.
    package func find<Value: Sendable>(_ query: Query<Value?>, in access: GuildAccess) async throws -> Value {
        let found: Value? = try await read(query, in: access)
        guard let found else { throw Rejection.notFound }
        return found
    }
}

/// Deals out the answers of a batch to the queries it was made of.
private struct Answers {
    var rows: ArraySlice<Rows>
    var counts: ArraySlice<Int>

    mutating func next() -> ArraySlice<Rows> {
        let count = counts.removeFirst()
        defer { rows = rows.dropFirst(count) }
        return rows.prefix(count)
    }
}
