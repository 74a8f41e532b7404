internal import Formats

extension HTTPServer {
    /// How many connections there may be, and how long each part of a request may take.
    package struct Limits: Sendable {
        /// Connections of this loop.
        package var connections = 15_000
        /// Time that a kept connection may take until the next request's header is complete.
        package var idle = Duration.seconds(60)
        /// Time that a connection may always wait, even if all are taken.
        package var leastIdle = Duration.milliseconds(250)
        /// Time that an unfinished header or body may always take, even if all connections are taken.
        package var leastUnfinished = Duration.seconds(2)
        /// Time from a connection's beginning, or from a request line, until the header is complete.
        package var head = Duration.seconds(10)
        /// Time for any body, each KB adds a second; and the longest time without a byte of it.
        package var body = Duration.seconds(10)
        /// The longest time for a body, however large.
        package var wholeBody = Duration.seconds(300)
        /// Time for an answer; each 4 KB add a second.
        package var sending = Duration.seconds(30)
        /// What is still read of a body that was refused, so that the client can read the answer.
        package var discardedBytes = 262_144
        package var discarding = Duration.seconds(2)
        /// Bytes of names and values of all header lines together.
        package var headerBytes = 16_384
        package init() {}

        func bodyTime(received: Int) -> Duration { min(wholeBody, body + .seconds(received / 1_024)) }

        func sendingTime(of bytes: Int) -> Duration { sending + .seconds(bytes / 4_096) }
    }
}
