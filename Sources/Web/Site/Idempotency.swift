internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The header `Idempotency-Key`: a name the client gives to a creating request, so that it can retry after a lost
/// response (the IETF draft "The Idempotency-Key HTTP Header Field").
struct IdempotencyKey: Sendable {
    static let header: StaticString = "idempotency-key"
    let text: String

    /// Nil if the header is missing.
    ///
    /// - Throws: `malformed` if it is repeated, empty, longer than 200 characters or not printable ASCII.
    init?(_ request: Request) throws(Rejection) {
        guard request.headers.contains(Self.header) else { return nil }
        guard let text = request.headers.text(Self.header), (1...200).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) })
        else { throw .malformed(.init("Idempotency-Key", "must be 1 to 200 printable ASCII characters")) }
        self.text = text
    }
}

extension Endpoint {
    /// True if requests may carry an `Idempotency-Key`.
    package var takesIdempotencyKey: Bool {
        if case .guild = access { kind == .api && method == .post } else { false }
    }
}

extension Site {
    /// Calls the endpoint; if the key was used before, returns the stored response.
    ///
    /// - Throws: errors of the endpoint; `invalid` if another request had this key, `conflict` if the first request is
    ///   in progress or its result is unknown.
    func answerOnce(_ call: Call) async throws -> Response {
        if call.endpoint.takesForm, case .guild(let rule) = call.endpoint.access {
            return try await answerFormOnce(call, rule)
        }
        guard call.endpoint.takesIdempotencyKey, case .guild(let rule) = call.endpoint.access,
            let key = try IdempotencyKey(call.request)
        else {
            do { return try await call.endpoint.handle(call) } catch let made as MadeNotRead { throw made.cause }
        }
        // The stored response requires the access that the request requires now.
        var parts = PartReader(call.segments)
        let access = try call.requireSession().access(by: rule, in: try parts.next(GuildID.self))
        let keyHash = Crypto.sha256(key.text.utf8)
        let keys = IdempotencyKeys(of: access.user, key: keyHash, database)
        switch try await keys.claim(request: Self.hash(call.request)) {
        case .first: return try await answerFirst(call, keys, keyHash)
        case .answered(let sealed): return try repeated(sealed, keyHash)
        case .underWay: throw Rejection.conflict("The first request with this Idempotency-Key is still in progress.")
        case .unknown:
            throw Rejection.conflict(
                "The result of the first request with this Idempotency-Key is unknown. Check it before you send another key."
            )
        case .other:
            throw Rejection.invalid([.init("Idempotency-Key", "was used for another request.")])
        }
    }

    private func answerFirst(_ call: Call, _ keys: IdempotencyKeys, _ keyHash: [UInt8]) async throws -> Response {
        do {
            let response = try await call.endpoint.handle(call)
            await keep(response, keys, keyHash, of: call.request)
            return response
        } catch let made as MadeNotRead {
            throw made.cause
        } catch let rejection as Rejection {
            try await keys.giveUp()
            throw rejection
        } catch DatabaseFailure.busy(let error) {
            // The transaction was rolled back, so the client may retry.
            try await keys.giveUp()
            throw DatabaseFailure.busy(error)
        }
        // After any other error the result is unknown.
    }

    /// Stores the response for a retry.
    ///
    /// The change is committed, so a failure here does not fail the request.
    func keep(_ response: Response, _ keys: IdempotencyKeys, _ keyHash: [UInt8], of request: Request) async {
        guard let text = KeptAnswer(response)?.text else { return }
        do {
            try await keys.keep(answer: world.vault.seal(answer: text, to: keyHash))
        } catch {
            world.log.warning("the response was not stored for its key: \(error)", [("request", request.id)])
        }
    }

    func repeated(_ sealed: [UInt8], _ keyHash: [UInt8]) throws(Rejection) -> Response {
        guard let text = world.vault.openAnswer(sealed, to: keyHash), let kept = KeptAnswer(text: text) else {
            throw .conflict("The response to the first request with this Idempotency-Key can no longer be read.")
        }
        var response = kept.response
        response.add("Idempotency-Replayed", "true")
        return response
    }

    static func hash(_ request: Request) -> [UInt8] {
        Crypto.sha256(Array("\(request.method.rawValue) \(request.address)\n".utf8) + request.body)
    }
}

/// A stored JSON response or redirect: status, location, version and body.
struct KeptAnswer: Sendable, Equatable {
    let status: Int
    let location: String?
    let tag: String?
    let body: String

    /// Nil if the body is a stream, or empty without a redirect.
    init?(_ response: Response) {
        switch response.body {
        case .bytes(let bytes): body = String(decoding: bytes.array, as: UTF8.self)
        case .none where response.status == 303: body = ""
        default: return nil
        }
        status = response.status
        location = response.text("Location")
        tag = response.text("ETag")
    }

    /// Nil if `text` has another format.
    init?(text: String) {
        let lines = text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
        guard lines.count == 4, let status = Int(lines[0]) else { return nil }
        self.status = status
        location = lines[1].isEmpty ? nil : String(lines[1])
        tag = lines[2].isEmpty ? nil : String(lines[2])
        body = String(lines[3])
    }

    var text: String { "\(status)\n\(location ?? "")\n\(tag ?? "")\n\(body)" }

    var response: Response {
        // The redirect of a form has no body.
        var response = status == 303 ? Response(status: status) : .text(status, "application/json", .copy(body))
        if let location { response.add("Location", text: location) }
        if let tag { response.add("ETag", text: tag) }
        return response
    }
}

extension Response {
    fileprivate func text(_ name: StaticString) -> String? {
        guard let header = headers.first(where: { $0.name.description == name.description }) else { return nil }
        switch header.value {
        case .fixed(let value): return value.description
        case .text(let value): return value
        }
    }
}
