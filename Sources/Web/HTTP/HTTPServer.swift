internal import CMicroHTTPD
package import Domain
package import EventLoop
internal import Glibc

/// What answers a loop's requests.
package protocol RequestHandler: AnyObject, Sendable {
    /// How many bytes the body of this request may have. Its own body is not read yet.
    func bodyLimit(for request: Request) -> Int
    func respond(to request: Request) async -> Response
    /// The answer to a request that cannot be handed on.
    func refuse(_ request: Request, _ rejection: Rejection) -> Response
}

/// libmicrohttpd on one event loop: parses requests, hands them to the handler, sends its answers.
///
/// This file and `Exchange` are the only ones that touch the library.
@safe package final class HTTPServer: Poller, Watcher, @unchecked Sendable {
    package struct Limits: Sendable {
        package var connections = 15_000
        /// Seconds that a connection may be silent.
        package var idleSeconds = 60
        /// Bytes of names and values of all header lines together.
        package var headerBytes = 16_384
        package init() {}
    }

    /// libmicrohttpd answers by itself with 414 or 431 when a request line or header does not fit into this memory: it
    /// holds the header, 56 bytes more for each line and parameter, and the head of the answer.
    private static let connectionMemory = 24_576

    /// The value of the Cookie header that the library sees instead of the client's; known by its address.
    static let hiddenCookies: StaticString = "-"

    let loop: EventLoop
    let handler: any RequestHandler
    let limits: Limits
    let gzip = Gzip(level: 1)
    private var daemon: OpaquePointer?
    private var socket: ListeningSocket?
    private var token: WatchToken?
    private var isReady = false
    private var exchanges: [Exchange] = []
    /// Request lines whose header is still to come: the library may give up on it without saying so.
    private var addresses: [OpaquePointer: String] = unsafe [:]
    private(set) var isStopping = false
    private var ids: RequestIDs

    package init(on loop: EventLoop, handler: any RequestHandler, limits: Limits = Limits()) {
        self.loop = loop
        self.handler = handler
        self.limits = limits
        ids = RequestIDs()
    }

    /// Serves the connections that the socket accepts, from now on.
    ///
    /// On the loop.
    ///
    /// - Throws: `SystemError` when the library cannot be started.
    package func start(on socket: ListeningSocket) throws(SystemError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe daemon = mhd_start(
            socket.descriptor, UInt32(limits.connections), UInt32(limits.idleSeconds), Self.connectionMemory,
            accessHandler, context, requestCompleted, context, requestBegun, context, connectionChanged, context)
        guard let daemon = unsafe daemon else { throw SystemError("MHD_start_daemon") }
        self.socket = socket
        token = try loop.watch(unsafe mhd_epoll_descriptor(daemon), for: .readable, self)
        loop.add(self)
    }

    // MARK: Being run by the loop

    package func ready(_ readiness: Readiness) { isReady = true }

    package var hasWork: Bool { isReady }

    package var timeoutMilliseconds: Int? {
        guard let daemon = unsafe daemon else { return nil }
        var milliseconds: UInt64 = 0
        guard unsafe MHD_get_timeout(daemon, &milliseconds) == MHD_Result(rawValue: 1) else { return nil }
        // Due now: it is run in this turn, not after another wait.
        if milliseconds == 0 { isReady = true }
        return Int(clamping: milliseconds)
    }

    package func poll() {
        isReady = false
        if let daemon = unsafe daemon { unsafe MHD_run(daemon) }
    }

    /// A connection was resumed: the library has something to send.
    func wake() { isReady = true }

    // MARK: Requests under way

    fileprivate func note(_ address: String, of connection: OpaquePointer) { unsafe addresses[connection] = address }

    fileprivate func forget(_ connection: OpaquePointer) { unsafe addresses[connection] = nil }

    /// The header is complete: from here on the library tells when the request is over.
    fileprivate func exchange(on connection: OpaquePointer) -> Exchange {
        let exchange = unsafe Exchange(self, connection, address: addresses.removeValue(forKey: connection) ?? "")
        add(exchange)
        return exchange
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

    /// Accepts nothing new, ends the streams, lets requests finish, and closes everything after the limit.
    package func stop(within limit: Duration) async {
        guard let daemon = unsafe daemon else { return }
        isStopping = true
        // Whoever came between the last look and the closing would be reset.
        socket?.dropNewcomers()
        acceptWaiting()
        unsafe MHD_quiesce_daemon(daemon)
        // From here on whoever connects is refused at once, and may ask elsewhere.
        socket?.close()
        let (closed, deadline) = (ContinuousClock.now, ContinuousClock.now + limit)
        // The requests of those who came last are as good as here.
        while !exchanges.isEmpty || closed.duration(to: .now) < .milliseconds(100), ContinuousClock.now < deadline {
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

    /// For the kernel they are connected: closing the socket would reset them, although they did nothing wrong.
    ///
    /// As many as it keeps at most; whoever comes faster than they are accepted is reset after all.
    private func acceptWaiting() {
        guard let daemon = unsafe daemon, let socket else { return }
        // The library accepts ten or so at a time.
        var rounds = ListeningSocket.backlog / 8
        while socket.hasWaiting, rounds > 0 {
            rounds -= 1
            unsafe MHD_run(daemon)
        }
    }
}

/// Short names of requests: unique within the process's life, unlike those of any other process.
struct RequestIDs {
    private let prefix = String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16)
    private var number: UInt64 = 0

    mutating func next() -> String {
        number += 1
        return prefix + "-" + String(number, radix: 36)
    }
}

// MARK: Callbacks

/// The request line is there, escapes and query included; nobody else gets to see it so.
private func requestBegun(
    _ context: UnsafeMutableRawPointer?, _ uri: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context, let uri = unsafe uri, let connection = unsafe connection else { return nil }
    unsafe mhd_hide_cookies(connection, HTTPServer.hiddenCookies.address)
    // A request line may hold any bytes: what is not UTF-8 becomes a path that no route has.
    unsafe Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
        .note(String(cString: uri), of: connection)
    return nil
}

private func connectionChanged(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
) {
    guard let context = unsafe context, let connection = unsafe connection else { return }
    // Whether it was opened or closed: no request line of it is waiting.
    unsafe Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue().forget(connection)
}

/// Called when the headers are there, for each piece of the body, at its end, and again after each resume.
private func accessHandler(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadSize: UnsafeMutablePointer<Int>?, _ exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context = unsafe context, let connection = unsafe connection, let slot = unsafe exchange,
        let method = unsafe method, let version = unsafe version, let uploadSize = unsafe uploadSize
    else { return .failure }
    guard let pointer = unsafe slot.pointee else {
        let server = unsafe Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
        let exchange = unsafe server.exchange(on: connection)
        unsafe slot.pointee = Unmanaged.passRetained(exchange).toOpaque()
        return exchange.begin(method: unsafe String(cString: method), version: unsafe String(cString: version))
    }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    if unsafe uploadSize.pointee > 0 {
        let size = unsafe uploadSize.pointee
        unsafe exchange.receive(UnsafeRawBufferPointer(start: upload, count: size))
        unsafe uploadSize.pointee = 0
        return .success
    }
    return exchange.proceed()
}

private func requestCompleted(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_RequestTerminationCode
) {
    guard let pointer = unsafe exchange?.pointee else { return }
    unsafe exchange?.pointee = nil
    unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().complete()
}

extension MHD_Result {
    static var success: MHD_Result { MHD_Result(rawValue: 1) ?? .failure }
    static var failure: MHD_Result { MHD_Result(rawValue: 0) ?? .success }
}
