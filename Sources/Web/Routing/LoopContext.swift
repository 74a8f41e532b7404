package import Domain
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
    /// The API's description: large, and the same for everyone.
    let apiDescription = Once<Bytes>()
    /// The rules of a guild's pages that are read, by the template of their path.
    private let pageRules: [String: GuildRule]

    init(world: World, database: Database, loop: EventLoop, endpoints: [Endpoint], meter: LoopMeter) {
        self.world = world
        self.database = database
        self.loop = loop
        self.endpoints = endpoints
        self.meter = meter
        pageRules = endpoints.reduce(into: [:]) { rules, endpoint in
            if endpoint.method == .get, endpoint.kind == .page, case .guild(let rule) = endpoint.access {
                rules[endpoint.template] = rule
            }
        }
    }

    /// Whether the table of endpoints lets a person read that page; false for an unknown one.
    package func allows(_ access: GuildAccess, toRead page: Path<GuildID>) -> Bool {
        pageRules[page.template]?.allows(access) ?? false
    }
}
