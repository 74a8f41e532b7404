internal import EventLoop
internal import Formats
internal import Glibc

/// Responds to new clients if all connections are in use: to health checks as usual, to other requests with 503.
///
/// Accepts connections past the library, on descriptors that the connection limit leaves free, and closes each after
/// one response.
final class OverflowDoor {
    /// Concurrent connections.
    static let limit = 32

    private let server: HTTPServer
    private let socket: ListeningSocket
    private var open = 0

    init(_ server: HTTPServer, _ socket: ListeningSocket) {
        self.server = server
        self.socket = socket
    }

    /// Accepts the waiting connections.
    func acceptWaiting() {
        while open < Self.limit, let descriptor = socket.accept() {
            open += 1
            OverflowConnection(descriptor, server) { [self] in open -= 1 }.start()
        }
    }
}

/// One connection that gets one response.
private final class OverflowConnection: Watcher, @unchecked Sendable {
    private let descriptor: Int32
    private let server: HTTPServer
    private let onClose: () -> Void
    private var token: WatchToken?
    private var timer: LoopTimer?

    init(_ descriptor: Int32, _ server: HTTPServer, onClose: @escaping () -> Void) {
        self.descriptor = descriptor
        self.server = server
        self.onClose = onClose
    }

    func start() {
        token = try? server.loop.watch(descriptor, for: .readable, self)
        // The timer also keeps this object alive.
        timer = server.loop.schedule(after: .seconds(2)) { [self] in close() }
        if token == nil { close() }
    }

    func ready(_ readiness: Readiness) {
        stopWatching()
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return close() }
        let line = String(decoding: buffer[..<count].prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        let isHead = parts.first == "HEAD"
        let path = parts.count > 1 ? String(parts[1].prefix { $0 != "?" }) : "/"
        var request = Request(.get, path: path, id: server.nextRequestID())
        request.isHead = isHead
        guard path == "/healthz", isHead || parts.first == "GET" else {
            return answer(server.handler.refuse(request, .overloaded), isHead: isHead)
        }
        Task(executorPreference: server.loop) { [self, request] in
            answer(await server.handler.respond(to: request), isHead: isHead)
        }
    }

    private func answer(_ response: Response, isHead: Bool) {
        RawResponse.send(response, on: descriptor, isHead: isHead)
        close()
    }

    private func stopWatching() {
        if let token { server.loop.unwatch(token) }
        token = nil
    }

    private func close() {
        guard timer != nil else { return }
        timer?.cancel()
        timer = nil
        stopWatching()
        Glibc.close(descriptor)
        onClose()
    }
}

extension HTTPRefusal {
    fileprivate static var overloaded: HTTPRefusal {
        .unavailable("The service has too many connections.", retryAfterSeconds: 5)
    }
}
