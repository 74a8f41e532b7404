package import EventLoop
internal import Formats
internal import HTTP
package import Persistence

/// The context of the handlers of one loop.
package struct LoopContext: Sendable {
    package let world: World
    package let database: Database
    package let loop: EventLoop
    /// The table of all endpoints, for endpoints that describe it.
    package let endpoints: [Endpoint]
    let meter: LoopMeter
}
