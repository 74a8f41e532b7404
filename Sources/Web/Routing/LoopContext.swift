package import EventLoop
internal import Formats
internal import HTTP
package import Persistence

/// What the handlers of one loop use.
package struct LoopContext: Sendable {
    package let world: World
    package let database: Database
    package let loop: EventLoop
    /// The table of all endpoints, for those that describe it.
    package let endpoints: [Endpoint]
    let meter: LoopMeter
}
