internal import Formats

extension HTTPServer {
    /// Limits for connections and for the time of each part of a request.
    package struct Limits: Sendable {
        /// Connections of one loop.
        package var connections = 15_000
        /// Timeout of a kept connection until the header of the next request is complete.
        package var idle = Duration.seconds(60)
        /// Minimum time that a connection may wait, even if all connections are in use.
        package var leastIdle = Duration.milliseconds(250)
        /// Time that an unfinished header or body may always take, even if all connections are taken.
        package var leastUnfinished = Duration.seconds(2)
        /// Timeout from the start of a connection, or from a request line, until the header is complete.
        package var head = Duration.seconds(10)
        /// Time for any body, each KB adds a second; and the longest time without a byte of it.
        package var body = Duration.seconds(10)
        /// Maximum timeout for a body.
        package var wholeBody = Duration.seconds(300)
        /// Timeout for sending a response; each 4 KB add a second.
        package var sending = Duration.seconds(30)
        /// Bytes still read of a rejected body, so that the client can read the response.
        package var discardedBytes = 262_144
        package var discarding = Duration.seconds(2)
        /// Bytes of path and query, with what the library needs for each parameter.
        package var lineMemory = 12_288
        /// Bytes of the names and values of all header lines together.
        package var headerBytes = 16_384
        /// Bytes that request line and header together may take of a connection's memory.
        ///
        /// The rest is for the head of the response: if that does not fit, the library closes the connection without one.
        package var requestMemory = 18_432
        package init() {}

        func bodyTime(received: Int) -> Duration { min(wholeBody, body + .seconds(received / 1_024)) }

        func sendingTime(of bytes: Int) -> Duration { sending + .seconds(bytes / 4_096) }
    }
}
