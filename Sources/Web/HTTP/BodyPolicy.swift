/// How the body of a request is received, decided when its header is complete.
package struct BodyPolicy: Sendable {
    /// The largest body, in bytes.
    package var limit: Int
    /// The network that the unfinished body counts towards.
    package var network: IPAddress
    /// True if `RequestHandler.judge` checks the header before a large body is read.
    package var isJudgedFirst = false
    /// True if `Request.bodyDigest` is needed.
    package var isDigested = false

    package init(limit: Int, network: IPAddress) {
        self.limit = limit
        self.network = network
    }

    /// Bytes of a body that is read without `judge`: a request of one or two packets does not justify a second lookup.
    static let smallBody = 65_536
}
