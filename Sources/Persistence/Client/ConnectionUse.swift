/// The use of one kind of a loop's connections at one moment.
package struct ConnectionUse: Sendable {
    /// Maximum connections.
    package var limit = 0
    package var open = 0
    /// Connections with a request in progress.
    package var busy = 0
    /// Requests waiting for a connection.
    package var waiting = 0

    package static func + (left: Self, right: Self) -> Self {
        Self(
            limit: left.limit + right.limit, open: left.open + right.open, busy: left.busy + right.busy,
            waiting: left.waiting + right.waiting)
    }
}
