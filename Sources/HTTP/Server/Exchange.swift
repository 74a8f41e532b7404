internal import CMicroHTTPD
internal import EventLoop
internal import Formats
internal import Glibc

/// One request and its response on a connection of libmicrohttpd.
///
/// Used only on the loop.
@safe final class Exchange: Watcher, @unchecked Sendable {
    private enum Phase {
        case begun
        /// The site checks the header; the body is not read yet.
        case judging
        /// The site accepted the header.
        case admitted
        case receiving
        case handling
        case sending
        /// The response was written past the library; the remaining input is discarded.
        case discarding
    }

    private let server: HTTPServer
    /// Nil after the connection has closed.
    private var connection: OpaquePointer?
    private var request: Request
    private var body: IncomingBody?
    private var phase = Phase.begun
    private var phaseBegan: ContinuousClock.Instant
    private var lastByte: ContinuousClock.Instant
    private var discarded = 0
    private let line: RequestLine?
    private var bytesToSend = 0
    /// Bytes of its response in the server's budget.
    private var reserved = 0
    /// The network that its memory counts with: the client's, or the peer's until that is known.
    private(set) var network: IPAddress
    private var isSuspended = false
    private var response: Response?
    private var stream: BodyStream?
    private var task: Task<Void, Never>?
    private var isAbandoned = false
    private var hangUp: WatchToken?
    /// Index of this exchange in the server's list.
    var slot = 0

    init(_ server: HTTPServer, _ connection: OpaquePointer, _ line: RequestLine?) {
        self.server = server
        phaseBegan = server.loop.now
        lastByte = phaseBegan
        unsafe self.connection = connection
        self.line = line
        let parts = (line?.text ?? "").utf8.split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        request = Request(
            .get, path: String(Substring(parts[0])), query: parts.count > 1 ? String(Substring(parts[1])) : "",
            peer: unsafe IPAddress(mhd_peer(connection)) ?? .loopback, id: server.nextRequestID())
        network = request.peer.network
        request.endsInQuestionMark = parts.count > 1 && parts[1].isEmpty
    }

    private func enter(_ phase: Phase) {
        self.phase = phase
        phaseBegan = server.loop.now
    }

    // MARK: Receiving

    /// The headers are complete.
    ///
    /// A response given here saves the client from sending the body.
    func begin(method: String, version: UnsafePointer<CChar>) -> MHD_Result {
        if line?.isRefused == true { return .failure }
        let isWhole = line?.end == UInt(bitPattern: version) - 1
        let isStrict = unsafe readHeaders(after: version) && isWhole
        request.isHead = method == "HEAD"
        do throws(HTTPRefusal) {
            try HeaderJudgement.check(
                request, version: unsafe String(cString: version), isStrict: isStrict, limit: server.limits.headerBytes)
            try checkMemory()
        } catch .headersTooLarge(let limit) {
            // There may be no memory left for the library's head of a response.
            interrupt(.headersTooLarge(limit: limit))
            return .success
        } catch {
            return refuse(error)
        }
        guard let known = Request.Method(rawValue: request.isHead ? "GET" : method) else {
            return refuse(.methodNotAllowed)
        }
        request.method = known
        let policy = server.handler.bodyPolicy(for: request)
        network = policy.network
        let announced = request.headers.announcedLength ?? 0
        if announced > policy.limit { return refuse(.tooLarge(limit: policy.limit)) }
        body = IncomingBody(policy, server.budget)
        enter(.receiving)
        if policy.isJudged(announced: announced, isChunked: request.headers.contains("transfer-encoding")) { judge() }
        return .success
    }

    private func checkMemory() throws(HTTPRefusal) {
        let headers = request.headers
        // Four bytes for the colon, the blank and the end of each line.
        let memory = (line?.memory ?? 0) + headers.size + (RequestLine.entryMemory + 4) * headers.lineCount
        guard memory <= server.limits.requestMemory else {
            throw .headersTooLarge(limit: server.limits.headerBytes)
        }
    }

    /// - Returns: true if every line ends with CR LF.
    private func readHeaders(after version: UnsafePointer<CChar>) -> Bool {
        var collector = unsafe HeaderCollector(after: version)
        unsafe withUnsafeMutablePointer(to: &collector) { target in
            _ = unsafe mhd_collect_headers(connection, collectHeader, target)
        }
        collector.finish()
        request.headers = collector.fields
        return collector.isStrict
    }

    /// Lets the site check the header before the body is read.
    private func judge() {
        enter(.judging)
        run { exchange, request in
            let answer = await exchange.server.handler.judge(request)
            exchange.judged(answer)
        }
    }

    private func judged(_ answer: Response?) {
        if var answer {
            answer.add("Connection", "close")
            finish(with: answer)
        } else {
            body?.admit()
            enter(.admitted)
            resume()
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> MHD_Result {
        if phase == .discarding {
            discarded += bytes.count
            return discarded > server.limits.discardedBytes ? .failure : .success
        }
        lastByte = server.loop.now
        switch unsafe body?.receive(bytes) {
        case nil: break
        case .tooLarge(let limit): interrupt(.tooLarge(limit: limit))
        case .network:
            interrupt(.tooMany(retryAfterSeconds: 5, limit: body?.limitOfNetwork ?? 0))
        case .process:
            interrupt(.unavailable("Too many large requests are being received.", retryAfterSeconds: 5))
        }
        return .success
    }

    /// Called when the request, its response or the check of its header is complete.
    func proceed() -> MHD_Result {
        if let response { return send(response) }
        if isAbandoned || phase == .discarding { return .failure }
        if phase == .admitted {
            enter(.receiving)
            return .success
        }
        request.body = body?.bytes ?? []
        request.bodyDigest = body?.finishDigest()
        enter(.handling)
        run { exchange, request in
            exchange.finish(with: await exchange.server.handler.respond(to: request))
        }
        return .success
    }

    /// Runs a task of the handler while the connection is suspended.
    private func run(_ work: @escaping @Sendable (Exchange, Request) async -> Void) {
        unsafe MHD_suspend_connection(connection)
        isSuspended = true
        let request = request
        task = Task(executorPreference: server.loop) { [self] in await work(self, request) }
    }

    private func finish(with answer: Response) {
        task = nil
        response = answer
        // The client may have disconnected meanwhile; then nothing more is sent.
        if unsafe connection == nil { return release() }
        resume()
    }

    /// Rejects a request before its body was read.
    ///
    /// The next bytes on the connection may be that body, so the connection is closed.
    private func refuse(_ refusal: HTTPRefusal) -> MHD_Result {
        var answer = server.handler.refuse(request, refusal)
        answer.add("Connection", "close")
        return send(answer)
    }

    /// Responds past the library while the body is still arriving.
    ///
    /// Reads a little more, so that the client can read the response before the connection closes.
    private func interrupt(_ refusal: HTTPRefusal) {
        guard let connection = unsafe connection else { return }
        body = nil
        enter(.discarding)
        let answer = server.handler.refuse(request, refusal)
        let descriptor = unsafe mhd_descriptor(connection)
        RawResponse.send(answer, on: descriptor, isHead: request.isHead)
        shutdown(descriptor, Int32(SHUT_WR))
    }

    // MARK: Answering

    private func send(_ response: Response) -> MHD_Result {
        var response = response
        compress(&response)
        if !reserve(response) {
            response = server.handler.refuse(
                request, .unavailable("Too many responses are waiting to be read.", retryAfterSeconds: 5))
            response.add("Connection", "close")
        }
        guard let built = unsafe build(response) else { return .failure }
        defer { unsafe MHD_destroy_response(built) }
        self.response = nil
        for (name, value) in response.headers { unsafe add(name, value, to: built) }
        // A proxy before us could read another end of a chunked body, so nothing is read after it.
        let isLast = server.isStopping || request.headers.contains("transfer-encoding")
        if isLast { unsafe add("Connection", .fixed("close"), to: built) }
        // A stream may stay open for days, so the memory of its request is freed.
        request.headers = HeaderFields()
        request.body = []
        body = nil
        enter(.sending)
        return unsafe MHD_queue_response(connection, UInt32(response.status), built)
    }

    /// Counts the bytes of a response as long as it is held; small ones always fit.
    ///
    /// If there is no room, ends those that are read slowly, for the next response.
    private func reserve(_ response: Response) -> Bool {
        guard case .bytes(let bytes) = response.body, bytes.count > 4_096 else { return true }
        switch server.responses.reserve(bytes.count, for: responseShare) {
        case nil: reserved = bytes.count
        case .network: server.endSlowResponses(of: network)
        case .process: server.endSlowResponses(of: nil)
        }
        return reserved > 0
    }

    private var responseShare: BodyBudget.Share { BodyBudget.Share(network: network, isJudged: true) }

    /// Below 1 KB the extra header lines weigh more than compression saves.
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
            bytesToSend = bytes.count
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

    func fill(_ target: UnsafeMutableRawBufferPointer) -> Int {
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

    /// The library does not watch a suspended connection.
    ///
    /// Without this we would notice a disconnect only when the second write fails.
    private func watchForHangUp() {
        guard hangUp == nil, let connection = unsafe connection else { return }
        hangUp = try? server.loop.watch(unsafe mhd_descriptor(connection), for: .hungUp, self)
    }

    /// The client closed its side: ends a stream, or cancels a handler that checks for cancellation.
    func ready(_ readiness: Readiness) {
        stopWatching()
        if let stream {
            stream.finish()
            resume()
        } else {
            task?.cancel()
        }
    }

    private func stopWatching() {
        if let hangUp { server.loop.unwatch(hangUp) }
        hangUp = nil
    }

    /// Call every second.
    ///
    /// Enforces the timeouts, and watches for disconnects if the handler is slow.
    func check(at now: ContinuousClock.Instant) {
        let age = phaseBegan.duration(to: now)
        switch phase {
        case .handling: if age > .seconds(1) { watchForHangUp() }
        case .receiving:
            let silence = max(phaseBegan, lastByte).duration(to: now)
            let isOver = age > server.limits.bodyTime(received: body?.bytes.count ?? 0)
            if isOver || silence > server.limits.body { interrupt(.tooSlow) }
        case .sending: if stream == nil, age > server.limits.sendingTime(of: bytesToSend) { disconnect() }
        case .discarding: if age > server.limits.discarding { disconnect() }
        case .begun, .judging, .admitted: break
        }
    }

    var peer: IPAddress { request.peer }

    /// Whether its body has been coming in since then or longer.
    func isReceiving(since longest: ContinuousClock.Instant) -> Bool {
        if case .receiving = phase { phaseBegan <= longest } else { false }
    }

    func giveUpReceiving() { interrupt(.tooSlow) }

    /// Whether its response, which is no stream, has been sent since then or longer.
    func isSending(since longest: ContinuousClock.Instant) -> Bool {
        if case .sending = phase { stream == nil && phaseBegan <= longest } else { false }
    }

    /// The library then finds the connection closed.
    func disconnect() {
        if let connection = unsafe connection { shutdown(unsafe mhd_descriptor(connection), Int32(SHUT_RDWR)) }
    }

    /// The library has finished the request, for any reason.
    func complete() {
        stopWatching()
        if let connection = unsafe connection { unsafe server.waitsAgain(connection) }
        unsafe connection = nil
        isSuspended = false
        task?.cancel()
        release()
        server.remove(self)
    }

    /// Frees the request and its response, also if the response was never sent.
    private func release() {
        body = nil
        server.responses.release(reserved, for: responseShare)
        reserved = 0
        if case .stream(let unsent) = response?.body { unsent.close() }
        response = nil
        stream?.close()
        stream = nil
    }

    func endStream() { stream?.finish() }

    /// The time to stop is over: closes the connection without a response.
    func abandon() {
        isAbandoned = true
        stream?.finish()
        resume()
    }
}
