package import Domain
package import EventLoop
internal import Formats
package import HTTP
package import Persistence

/// A request on its way through an endpoint: what it asks, who asks, and what answers it.
package struct Call: Sendable {
    package let request: Request
    package let context: LoopContext
    package let endpoint: Endpoint
    let segments: [Substring]
    /// The query, decoded; names that came twice were refused.
    let fields: [(name: String, value: String)]
    /// Who asks, where that could be proved.
    package let session: Session?
    /// What the person last chose: `light`, `dark`, or nil for the system's.
    package let theme: Theme?

    package var database: Database { context.database }
    package var world: World { context.world }
    package var loop: EventLoop { context.loop }
    /// What the audit log says of where it came from.
    package var origin: AuditOrigin {
        AuditOrigin(endpoint.kind == .page ? .page : .api, address: request.origin.address)
    }

    /// - Throws: `unauthenticated` where nobody is signed in.
    package func requireSession() throws(Rejection) -> Session {
        guard let session else { throw .unauthenticated }
        return session
    }

    /// The value of a query parameter that the endpoint declares; nil where it is missing or empty.
    ///
    /// - Throws: `malformed` with the parameter's name.
    package func query<Value>(_ parameter: QueryParameter<Value>) throws(Rejection) -> Value? {
        assert(endpoint.parameters.contains { $0.name.description == parameter.name.description }, "undeclared")
        let name = parameter.name.description
        guard let text = fields.first(where: { $0.name == name })?.value, !text.isEmpty else { return nil }
        guard let value = parameter.parse(text) else {
            throw .malformed(.init(name, parameter.expectation))
        }
        return value
    }
}

extension Request {
    /// The same as long as no endpoint was found for it.
    package var origin: AuditOrigin {
        AuditOrigin(path.hasPrefix("/api/") ? .api : .page, address: client.description)
    }
}
