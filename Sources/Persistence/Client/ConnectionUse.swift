/// How one kind of a loop's connections is used at a moment.
package struct ConnectionUse: Sendable {
    /// As many as there may be.
    package var limit = 0
    package var open = 0
    /// With something under way.
    package var busy = 0
    /// Requests that wait for one.
    package var waiting = 0

    package static func + (left: Self, right: Self) -> Self {
        Self(
            limit: left.limit + right.limit, open: left.open + right.open, busy: left.busy + right.busy,
            waiting: left.waiting + right.waiting)
    }
}
