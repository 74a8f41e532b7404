package import Domain
package import EventLoop
internal import Formats
package import HTTP
package import Persistence

/// A request with its endpoint, its sender and the context to answer it.
package struct Call: Sendable {
    package let request: Request
    package let context: LoopContext
    package let endpoint: Endpoint
    let segments: [Substring]
    /// The decoded query; repeated names were rejected.
    let fields: [(name: String, value: String)]
    /// The session of the sender, if authenticated.
    package let session: Session?
    /// The theme that the person chose: `light`, `dark`, or nil for the system's.
    package let theme: Theme?

    package var database: Database { context.database }
    package var world: World { context.world }
    package var loop: EventLoop { context.loop }
    /// The origin of a change, for the audit log.
    package var origin: AuditOrigin {
        AuditOrigin(endpoint.kind == .page ? .page : .api, address: request.origin.address)
    }

    /// - Throws: `unauthenticated` without a session.
    package func requireSession() throws(Rejection) -> Session {
        guard let session else { throw .unauthenticated }
        return session
    }

    /// The value of a query parameter that the endpoint declares; nil if it is missing or empty.
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

    /// - Throws: `invalid` with both parameters if the first day is after the last.
    func requireOrder(
        _ from: QueryParameter<CalendarDay>, _ first: CalendarDay?, _ to: QueryParameter<CalendarDay>,
        _ last: CalendarDay?
    ) throws(Rejection) {
        guard let first, let last, first > last else { return }
        throw .invalid([
            .init(from.name.description, "must not be after the last day, \(last)."),
            .init(to.name.description, "must not be before the first day, \(first)."),
        ])
    }
}

extension Request {
    /// The origin if no endpoint was found.
    package var origin: AuditOrigin {
        AuditOrigin(path.hasPrefix("/api/") ? .api : .page, address: client.description)
    }
}
