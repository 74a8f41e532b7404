/// Handles the requests of one loop.
package protocol RequestHandler: AnyObject, Sendable {
    /// How the body of this request is received, told from its header.
    func bodyPolicy(for request: Request) -> BodyPolicy
    /// Decides on the header of a request whose policy asks for it, before its body is read.
    ///
    /// - Returns: an answer that refuses it; nil if the body may come.
    func judge(_ request: Request) async -> Response?
    func respond(to request: Request) async -> Response
    /// The answer to a request that cannot be handed on.
    func refuse(_ request: Request, _ refusal: HTTPRefusal) -> Response
    /// All connections are taken, or no longer.
    func connectionsExhausted(_ isExhausted: Bool, open: Int)
}
