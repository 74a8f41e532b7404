internal import CMicroHTTPD
package import EventLoop
internal import Formats
internal import Glibc

/// Runs libmicrohttpd on one event loop: parses requests, passes them to the handler, sends the responses.
///
/// Only the files of this folder call the library.
@safe package final class HTTPServer: Poller, Watcher, @unchecked Sendable {
    /// Memory of one connection, in bytes.
    ///
    /// It holds the header, 56 bytes more for each line and parameter, and the head of the response (`Limits` divide it). If
    /// a request line or header does not fit at all, libmicrohttpd itself responds with 414 or 431.
    private static let connectionMemory = 24_576

    /// The library sees this instead of the client's Cookie header.
    ///
    /// It is recognised by its address.
    static let hiddenCookies: StaticString = "-"

    let loop: EventLoop
    let handler: any RequestHandler
    let limits: Limits
    let budget: BodyBudget
    let responses: BodyBudget
    let gzip = Gzip(level: 1)
    private var daemon: OpaquePointer?
    private var socket: ListeningSocket?
    private var token: WatchToken?
    private var isReady = false
    private var exchanges: [Exchange] = []
    /// Connections without a request.
    ///
    /// The library may drop a header without a callback.
    private var idle = unsafe IdleConnections<OpaquePointer>()
    private var openCount = 0
    private var door: OverflowDoor?
    /// True if all connections are in use.
    private var isFull = false
    /// When a connection was last closed to make room, or room was last available.
    private var lastRoom: ContinuousClock.Instant
    /// True if none of them could be closed to make room.
    private var isExhausted = false
    private(set) var isStopping = false
    private var ids: RequestIDs

    package init(
        on loop: EventLoop, handler: any RequestHandler, limits: Limits = Limits(), budget: BodyBudget = BodyBudget(),
        responses: BodyBudget = BodyBudget(.responses)
    ) {
        self.loop = loop
        self.handler = handler
        self.limits = limits
        self.budget = budget
        self.responses = responses
        lastRoom = loop.now
        ids = RequestIDs()
    }

    /// Starts to serve the connections of the socket.
    ///
    /// Call on the loop.
    ///
    /// - Throws: `SystemError` if the library cannot be started.
    package func start(on socket: ListeningSocket) throws(SystemError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe daemon = mhd_start(
            socket.descriptor, UInt32(limits.connections), UInt32(limits.idle / .seconds(1)), Self.connectionMemory,
            accessHandler, context, requestCompleted, context, requestBegun, context, connectionChanged, context)
        guard let daemon = unsafe daemon else { throw SystemError("MHD_start_daemon") }
        self.socket = socket
        token = try loop.watch(unsafe mhd_epoll_descriptor(daemon), for: .readable, self)
        loop.add(self)
        door = OverflowDoor(self, socket)
        watchOverTime()
    }

    // MARK: Being run by the loop

    package func ready(_ readiness: Readiness) { isReady = true }

    package var hasWork: Bool { isReady }

    package var timeoutMilliseconds: Int? {
        guard let daemon = unsafe daemon else { return nil }
        var milliseconds: UInt64 = 0
        guard unsafe MHD_get_timeout(daemon, &milliseconds) == MHD_Result(rawValue: 1) else { return nil }
        // Due now: run it in this turn, without another wait.
        if milliseconds == 0 { isReady = true }
        return Int(clamping: milliseconds)
    }

    package func poll() {
        isReady = false
        if let daemon = unsafe daemon { unsafe MHD_run(daemon) }
    }

    /// A connection was resumed, so the library has data to send.
    func wake() { isReady = true }

    // MARK: Requests under way

    func opened(_ connection: OpaquePointer) {
        openCount += 1
        unsafe idle.add(connection, isFirst: true, at: loop.now)
        guard openCount >= limits.connections, !isFull else { return }
        isFull = true
        lastRoom = loop.now
        loop.schedule(after: .zero) { [self] in relieve() }
    }

    func closed(_ connection: OpaquePointer) {
        openCount -= 1
        unsafe idle.remove(connection)
    }

    func noteLine(_ text: String, end: UnsafePointer<CChar>, of connection: OpaquePointer) {
        var line = RequestLine(text: text, end: UInt(bitPattern: end))
        if line.memory > limits.lineMemory {
            line.isRefused = true
            unsafe answerPastTheLibrary(
                .addressTooLong(limit: limits.lineMemory), path: line.path, on: mhd_descriptor(connection))
        }
        unsafe idle.noteLine(line, of: connection, at: loop.now)
    }

    /// The connection is kept for another request.
    func waitsAgain(_ connection: OpaquePointer) { unsafe idle.add(connection, isFirst: false, at: loop.now) }

    /// The header is complete.
    ///
    /// From here on the library reports the end of the request.
    func exchange(on connection: OpaquePointer) -> Exchange {
        let exchange = unsafe Exchange(self, connection, idle.remove(connection))
        add(exchange)
        return exchange
    }

    // MARK: Time and room

    private func watchOverTime() {
        loop.schedule(after: .seconds(1)) { [self] in
            guard unsafe daemon != nil else { return }
            let now = loop.now
            let overdue = unsafe idle.overdue(limits, at: now)
            for index in unsafe overdue.indices { unsafe end(overdue[index].key, overdue[index].reason) }
            for exchange in exchanges { exchange.check(at: now) }
            watchOverTime()
        }
    }

    /// The library then finds the connection closed.
    private func end(_ connection: OpaquePointer, _ reason: IdleConnectionOverdue) {
        let descriptor = unsafe mhd_descriptor(connection)
        if reason == .slowHead { return answerPastTheLibrary(.tooSlow, path: "/", on: descriptor) }
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Answers a request whose header is not complete, and closes its connection.
    ///
    /// The library would answer a header that is too large itself, or, if its memory is full, not at all.
    private func answerPastTheLibrary(_ refusal: HTTPRefusal, path: String, on descriptor: Int32) {
        RawResponse.send(handler.refuse(Request(.get, path: path, id: nextRequestID()), refusal), on: descriptor)
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// All connections are in use: closes idle ones, or responds through `OverflowDoor` until some are free.
    private func relieve() {
        guard unsafe daemon != nil else { return }
        // The library accepts again only if it is run after a connection has closed.
        wake()
        guard openCount >= limits.connections else {
            isFull = false
            return reportExhaustion(false)
        }
        let now = loop.now
        if makeRoom(now) {
            lastRoom = now
        } else {
            if lastRoom.duration(to: now) > limits.leastIdle * 2 { reportExhaustion(true) }
            door?.acceptWaiting()
        }
        loop.schedule(after: .milliseconds(50)) { [self] in relieve() }
    }

    /// Closes connections that wait for a request, a quarter of all at once; if there are none, those whose header, body or
    /// response is unfinished, of the network that has most of them.
    ///
    /// - Returns: whether some were closed.
    private func makeRoom(_ now: ContinuousClock.Instant) -> Bool {
        let quarter = max(1, limits.connections / 4)
        let oldest = unsafe idle.oldest(quarter, since: now - limits.leastIdle)
        for index in unsafe oldest.indices { unsafe end(oldest[index], .silent) }
        if unsafe !oldest.isEmpty { return true }
        let heads = unsafe idle.unfinished(since: now - limits.leastUnfinished)
        var networks: [IPAddress: [() -> Void]] = [:]
        for index in unsafe heads.indices {
            let connection = unsafe heads[index]
            let peer = unsafe IPAddress(mhd_peer(connection)) ?? .loopback
            networks[peer.network, default: []].append { [self] in unsafe end(connection, .slowHead) }
        }
        for exchange in exchanges where exchange.isReceiving(since: now - limits.leastUnfinished) {
            networks[exchange.peer.network, default: []].append { exchange.giveUpReceiving() }
        }
        for exchange in exchanges where exchange.isSending(since: now - limits.leastUnfinished) {
            networks[exchange.peer.network, default: []].append { exchange.disconnect() }
        }
        // A few of a network are slow clients, many are an attack.
        guard let most = networks.values.max(by: { $0.count < $1.count }), most.count > limits.connections / 16 else {
            return false
        }
        for close in most.prefix(quarter) { close() }
        return true
    }

    private func reportExhaustion(_ isExhausted: Bool) {
        guard isExhausted != self.isExhausted else { return }
        self.isExhausted = isExhausted
        handler.connectionsExhausted(isExhausted, open: openCount)
    }

    /// Ends the responses that are read slowly: of that network, or of all if it is nil.
    func endSlowResponses(of network: IPAddress?) {
        for exchange in exchanges where exchange.isSending(since: loop.now - limits.leastUnfinished) {
            if network == nil || exchange.network == network { exchange.disconnect() }
        }
    }

    func nextRequestID() -> String { ids.next() }

    func add(_ exchange: Exchange) {
        exchange.slot = exchanges.count
        exchanges.append(exchange)
    }

    func remove(_ exchange: Exchange) {
        guard exchange.slot < exchanges.count, exchanges[exchange.slot] === exchange else { return }
        exchanges.swapAt(exchange.slot, exchanges.count - 1)
        exchanges.removeLast()
        if exchange.slot < exchanges.count { exchanges[exchange.slot].slot = exchange.slot }
    }

    // MARK: Stopping

    /// Stops accepting, ends the streams, lets requests finish, and closes everything after the limit.
    package func stop(within limit: Duration) async {
        guard let daemon = unsafe daemon else { return }
        isStopping = true
        // Connections that arrive between the last accept and the close would be reset.
        socket?.dropNewcomers()
        acceptWaiting()
        unsafe MHD_quiesce_daemon(daemon)
        // From here on, new connections are refused at once, so that clients can try another process.
        socket?.close()
        let closed = loop.now
        let deadline = closed + limit
        // Give requests on the last connections time to arrive.
        while !exchanges.isEmpty || closed.duration(to: loop.now) < .milliseconds(100), loop.now < deadline {
            for exchange in exchanges { exchange.endStream() }
            await loop.sleep(for: .milliseconds(20))
        }
        for exchange in exchanges { exchange.abandon() }
        unsafe MHD_run(daemon)
        if let token { loop.unwatch(token) }
        loop.remove(self)
        unsafe MHD_stop_daemon(daemon)
        unsafe self.daemon = nil
    }

    /// Accepts the connections in the kernel's queue, because closing the socket would reset them.
    ///
    /// Accepts at most one backlog: under a faster stream of connections, the rest is reset.
    private func acceptWaiting() {
        guard let daemon = unsafe daemon, let socket else { return }
        // The library accepts about ten at a time.
        var rounds = ListeningSocket.backlog / 8
        while socket.hasWaiting, rounds > 0 {
            rounds -= 1
            unsafe MHD_run(daemon)
        }
    }
}
