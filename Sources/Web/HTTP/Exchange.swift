internal import CMicroHTTPD
internal import Domain
internal import EventLoop
internal import Glibc

/// One request and its answer on a connection of libmicrohttpd.
///
/// Lives on the loop.
@safe final class Exchange: Watcher, @unchecked Sendable {
    private let server: HTTPServer
    /// Nil when the connection is gone.
    private var connection: OpaquePointer?
    private var request: Request
    private var bodyLimit = 0
    private var isTooLarge = false
    private var isSuspended = false
    private var response: Response?
    private var stream: BodyStream?
    private var isAbandoned = false
    private var hangUp: WatchToken?
    /// Where the server keeps it.
    var slot = 0

    /// The address is a request line's: path and query as sent.
    init(_ server: HTTPServer, _ connection: OpaquePointer, address text: String) {
        self.server = server
        unsafe self.connection = connection
        let parts = text.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        request = Request(
            .get, path: String(Substring(parts[0])), query: parts.count > 1 ? String(Substring(parts[1])) : "",
            peer: unsafe IPAddress(mhd_peer(connection)) ?? .loopback, id: server.nextRequestID())
    }

    // MARK: Receiving

    /// The headers are complete.
    ///
    /// An answer given here saves the client from sending the body.
    func begin(method: String, version: String) -> MHD_Result {
        readHeaders()
        request.isHead = method == "HEAD"
        guard request.headers.size <= server.limits.headerBytes else {
            return refuse(.headersTooLarge(limit: server.limits.headerBytes))
        }
        // RFC 9112, 3.2: exactly one from HTTP/1.1 on.
        let hosts = request.headers.count("host")
        guard hosts == 1 || (hosts == 0 && version == "HTTP/1.0") else {
            return refuse(.malformed(.init("Host", hosts == 0 ? "is missing" : "came more than once")))
        }
        // Two answers to where the body ends: a proxy before us may have taken the other one (RFC 9112, 11.2).
        guard request.headers.hasOneLength else {
            return refuse(.malformed(.init("Content-Length", "contradicts another header about the body's length")))
        }
        guard let known = Request.Method(rawValue: request.isHead ? "GET" : method) else {
            return refuse(.methodNotAllowed)
        }
        request.method = known
        bodyLimit = server.handler.bodyLimit(for: request)
        if let announced = request.headers.text("content-length").flatMap(Int.init), announced > bodyLimit {
            return refuse(.tooLarge(limit: bodyLimit))
        }
        return .success
    }

    private func readHeaders() {
        var headers = HeaderFields()
        unsafe withUnsafeMutablePointer(to: &headers) { target in
            _ = unsafe mhd_collect_headers(connection, collectHeader, target)
        }
        request.headers = headers
    }

    func receive(_ bytes: UnsafeRawBufferPointer) {
        if request.body.count + bytes.count > bodyLimit { isTooLarge = true }
        if isTooLarge {
            request.body = []
        } else {
            unsafe request.body += bytes
        }
    }

    /// The request is complete, or its answer is.
    func proceed() -> MHD_Result {
        if let response { return send(response) }
        if isAbandoned { return .failure }
        if isTooLarge { return refuse(.tooLarge(limit: bodyLimit)) }
        unsafe MHD_suspend_connection(connection)
        isSuspended = true
        let request = request
        Task(executorPreference: server.loop) { [self] in
            let answer = await server.handler.respond(to: request)
            guard unsafe connection != nil else { return answer.drop() }
            response = answer
            resume()
        }
        return .success
    }

    /// Before the body was read: what follows on the connection may be that body, so nothing more is read from it.
    private func refuse(_ rejection: Rejection) -> MHD_Result {
        var answer = server.handler.refuse(request, rejection)
        answer.add("Connection", "close")
        return send(answer)
    }

    // MARK: Answering

    private func send(_ response: Response) -> MHD_Result {
        var response = response
        self.response = nil
        compress(&response)
        guard let built = unsafe build(response) else { return .failure }
        defer { unsafe MHD_destroy_response(built) }
        for (name, value) in response.headers { unsafe add(name, value, to: built) }
        if server.isStopping { unsafe add("Connection", .fixed("close"), to: built) }
        // A stream may be open for days: what it was asked with is not kept for so long.
        request.headers = HeaderFields()
        request.body = []
        return unsafe MHD_queue_response(connection, UInt32(response.status), built)
    }

    /// 1 KB: below that the header lines weigh more than what is saved.
    private func compress(_ response: inout Response) {
        guard response.isCompressible, case .bytes(let bytes) = response.body, bytes.count > 1_024 else { return }
        response.add("Vary", "Accept-Encoding")
        guard request.headers.acceptsGzip, let smaller = server.gzip.compress(bytes) else { return }
        response.body = .bytes(smaller)
        response.add("Content-Encoding", "gzip")
    }

    private func build(_ response: Response) -> OpaquePointer? {
        switch response.body {
        case .none: return unsafe MHD_create_response_from_buffer(0, nil, mhd_memory_persistent())
        case .bytes(let bytes):
            let start = unsafe UnsafeMutableRawPointer(mutating: bytes.start)
            let keeper = unsafe Unmanaged.passRetained(bytes).toOpaque()
            return unsafe MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count, start, releaseBytes, keeper)
        case .stream(let stream):
            self.stream = stream
            let context = unsafe Unmanaged.passRetained(self).toOpaque()
            return unsafe MHD_create_response_from_callback(
                mhd_unknown_size(), 1_024, fillFromStream, context, releaseExchange)
        }
    }

    private func add(_ name: StaticString, _ value: Response.HeaderValue, to response: OpaquePointer) {
        switch value {
        case .fixed(let value): unsafe MHD_add_response_header(response, name.address, value.address)
        case .text(let value): unsafe MHD_add_response_header(response, name.address, value)
        }
    }

    fileprivate func fill(_ target: UnsafeMutableRawBufferPointer) -> Int {
        guard let stream else { return mhd_stream_end() }
        switch unsafe stream.read(into: target) {
        case .bytes(let count): return count
        case .end: return mhd_stream_end()
        case .nothingYet:
            unsafe MHD_suspend_connection(connection)
            isSuspended = true
            stream.wake = { [self] in resume() }
            watchForHangUp()
            return 0
        }
    }

    private func resume() {
        guard isSuspended, let connection = unsafe connection else { return }
        isSuspended = false
        unsafe MHD_resume_connection(connection)
        server.wake()
    }

    // MARK: Ending

    /// The library does not look at a suspended connection: without this a client that left would be noticed only by
    /// writing to it, and twice at that.
    private func watchForHangUp() {
        guard hangUp == nil, let connection = unsafe connection else { return }
        hangUp = try? server.loop.watch(unsafe mhd_descriptor(connection), for: .hungUp, self)
    }

    func ready(_ readiness: Readiness) {
        stopWatching()
        stream?.finish()
        resume()
    }

    private func stopWatching() {
        if let hangUp { server.loop.unwatch(hangUp) }
        hangUp = nil
    }

    func complete() {
        stopWatching()
        unsafe connection = nil
        isSuspended = false
        stream?.close()
        stream = nil
        // The client left after the answer was made and before it was sent.
        response?.drop()
        response = nil
        server.remove(self)
    }

    func endStream() { stream?.finish() }

    /// The time to stop is over: the connection is closed without an answer.
    func abandon() {
        isAbandoned = true
        stream?.finish()
        resume()
    }
}

private func collectHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameSize: Int,
    _ value: UnsafePointer<CChar>?, _ valueSize: Int
) -> MHD_Result {
    guard let context = unsafe context else { return .failure }
    if unsafe value == HTTPServer.hiddenCookies.address { return .success }
    let headers = unsafe context.assumingMemoryBound(to: HeaderFields.self)
    func span(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
    }
    unsafe headers.pointee.append(
        name: Span(_unsafeElements: span(name, nameSize)), value: Span(_unsafeElements: span(value, valueSize)))
    return .success
}

private func fillFromStream(
    _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int {
    guard let context = unsafe context else { return mhd_stream_end() }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    return unsafe exchange.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size))
}

private func releaseExchange(_ context: UnsafeMutableRawPointer?) {
    if let context = unsafe context { unsafe Unmanaged<Exchange>.fromOpaque(context).release() }
}

private func releaseBytes(_ context: UnsafeMutableRawPointer?) {
    if let context = unsafe context { unsafe Unmanaged<Bytes>.fromOpaque(context).release() }
}

extension StaticString {
    var address: UnsafePointer<CChar> { unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

extension Response {
    /// Ends a stream that no connection will end, so that it counts as open no longer.
    fileprivate func drop() {
        if case .stream(let stream) = body { stream.close() }
    }
}

extension HeaderFields {
    /// Whether at most one header says how long the body is.
    var hasOneLength: Bool { count("content-length") + count("transfer-encoding") <= 1 }

    /// `gzip` or `*` in `Accept-Encoding`, unless with a quality of nought (RFC 9110, 12.5.3).
    var acceptsGzip: Bool {
        guard let accepted = only("accept-encoding") else { return false }
        for entry in accepted.split(separator: UInt8(ascii: ",")) {
            let parts = String(decoding: entry, as: UTF8.self).split(separator: ";")
            let coding = (parts.first?.filter { $0 != " " } ?? "").lowercased()
            guard coding == "gzip" || coding == "*" else { continue }
            let quality = parts.dropFirst().first?.filter { $0 != " " } ?? ""
            return !["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(quality)
        }
        return false
    }
}
