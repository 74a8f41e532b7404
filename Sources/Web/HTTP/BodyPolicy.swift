/// How the body of a request is received, decided when its header is complete.
package struct BodyPolicy: Sendable {
    /// Bytes that the body may have.
    package var limit: Int
    /// The network whose unfinished bodies it counts with.
    package var network: IPAddress
    /// Whether `RequestHandler.judge` decides on the header before a large body is read.
    package var isJudgedFirst = false
    /// Whether `Request.bodyDigest` is wanted.
    package var isDigested = false

    package init(limit: Int, network: IPAddress) {
        self.limit = limit
        self.network = network
    }

    /// Bytes of a body that is read without a judgement: a request of one or two packets needs no second look-up.
    static let smallBody = 65_536
}
