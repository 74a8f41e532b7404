/// How the body of a request is received, decided when its header is complete.
package struct BodyPolicy: Sendable {
    /// When `RequestHandler.judge` decides on the header before the body is read.
    package enum Judgement: Sendable { case never, beforeLarge, beforeAny }

    /// Bytes that the body may have.
    package var limit: Int
    /// The network whose unfinished bodies it counts with.
    package var network: IPAddress
    package var judgement = Judgement.never
    /// True if the header has a credential of this service: the body then does not share the limits of strangers.
    package var isOfKnown = false
    /// Whether `Request.bodyDigest` is wanted.
    package var isDigested = false

    package init(limit: Int, network: IPAddress) {
        self.limit = limit
        self.network = network
    }

    /// Bytes of a body that is read without a judgement: a small request needs no second look-up.
    static let smallBody = 16_384

    func isJudged(announced: Int, isChunked: Bool) -> Bool {
        switch judgement {
        case .never: false
        case .beforeLarge: announced > Self.smallBody || isChunked
        case .beforeAny: announced > 0 || isChunked
        }
    }
}
