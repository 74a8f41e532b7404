internal import Domain
internal import EventLoop
internal import Persistence

/// A signed request that was let in: whose key it is, and the one way on to the database.
struct SignedCall {
    let call: Call
    private let key: BotAccess.Key
    private let signature: BotSignature
    private let quota: RateLimiter.Quota

    /// Lets a request in that a key with this scope signed.
    ///
    /// What it is about is nil where that is the whole installation.
    ///
    /// - Throws: `unsigned`, `forbidden` without the scope or for a guild's key where the installation is meant,
    ///   `notFound` for a guild that is not the key's, or of which nobody has said that the bot joined it;
    ///   `RateLimiter.UsedUp`, without a query where the network has sent too much that no key signed.
    init(_ call: Call, _ scope: APIScope, about guild: GuildID?, mayBeNew: Bool = false) async throws {
        self.call = call
        let world = call.world
        signature = try BotSignature(call.request, now: world.now())
        try world.limiter.checkUnsigned(call.request, signature.publicID)
        let found = try await BotAccess.find(signature.publicID, about: guild, call.database)
        guard let found, let secret = world.vault.open(found.sealedSecret, ofKey: signature.publicID),
            signature.isValid(for: call.request, secret: secret)
        else {
            world.limiter.countUnsigned(call.request, signature.publicID)
            throw Rejection.unsigned("No key that works made this signature for this request.")
        }
        world.limiter.noteProven(signature.publicID)
        key = found
        quota = try world.limiter.count(found.id)
        if let own = found.guild {
            guard let guild else { throw Rejection.forbidden("Only a key of the whole installation may do this.") }
            if own != guild { throw Rejection.notFound }
        }
        if guild != nil, !mayBeNew, found.client == nil { throw Rejection.notFound }
        if let client = found.client { world.usage.count(client, at: world.now()) }
        if !found.scopes.contains(scope) { try refuse(scope) }
    }

    /// Judges the header of a signed request: form and clock of the signature, the network's limit, and the key.
    ///
    /// - Throws: what `init` throws for these; the signature itself is judged when the body is there.
    static func judgeHeader(of request: Request, _ segments: [Substring], in context: LoopContext) async throws {
        let world = context.world
        let signature = try BotSignature(request, now: world.now())
        try world.limiter.checkUnsigned(request, signature.publicID)
        let guild = segments.first.flatMap { GuildID($0) }
        guard let found = try await BotAccess.find(signature.publicID, about: guild, context.database) else {
            world.limiter.countUnsigned(request, signature.publicID)
            throw Rejection.unsigned("No key that works made this signature for this request.")
        }
        if let own = found.guild, own != guild { throw Rejection.notFound }
    }

    private func refuse(_ scope: APIScope) throws(Rejection) {
        guard call.world.settings.enforcesScopes else {
            return call.world.log.warning(
                "an API key lacks a scope, which is not enforced",
                [("key", signature.publicID), ("scope", scope.rawValue), ("request", call.request.id)])
        }
        throw .forbidden("The key lacks the scope \(scope.rawValue).")
    }

    /// Runs the function that the request is for, once, and answers with what it says.
    ///
    /// - Throws: what `BotAccess.run` throws.
    func run(_ statement: SQL, answer: (Rows) throws -> Response) async throws -> Response {
        let rows = try await BotAccess.run(
            statement, with: key.id, signature: signature.code, from: call.origin.address, call.database)
        var response = try answer(rows)
        [quota].describe(in: &response)
        return response
    }

    /// The same for a batch, when its turn comes.
    ///
    /// - Throws: what `BotAccess.run` throws; `unavailable` where others were ahead for too long.
    func runBatch(_ statement: SQL) async throws -> Response {
        let turns = call.world.batchTurns
        guard let client = key.client, await turns.take(for: client, on: call.database.loop) else {
            throw Rejection.unavailable("Too many batches are ahead of this one.", retryAfterSeconds: 5)
        }
        defer { turns.giveBack(client) }
        return try await run(statement, answer: Self.ownWords)
    }

    /// What the function says is JSON already.
    static func ownWords(_ rows: Rows) throws(DatabaseFailure) -> Response {
        let answer: String = try rows.only("the answer", of: "schema bot")
        return .text(200, "application/json", Bytes.copy(answer))
    }

    /// The body as text that PostgreSQL reads as JSON: a batch is taken apart there, once.
    ///
    /// - Throws: `unsupportedType`, `malformed` for what is not UTF-8.
    func jsonText() throws(Rejection) -> String {
        let type = call.request.headers.text("content-type")?.split(separator: ";").first?.lowercased() ?? ""
        guard type == "application/json" else { throw .unsupportedType(expected: "application/json") }
        guard let text = String(validating: call.request.body, as: UTF8.self) else {
            throw .malformed(.init("", "The body is not UTF-8."))
        }
        return text
    }
}

extension Endpoint {
    /// For a bot whose key has the scope, about the whole installation.
    static func signed(
        _ method: Request.Method, _ path: Path<>, _ scope: APIScope, _ summary: StaticString, _ answer: Answer,
        handle: @escaping @Sendable (SignedCall) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, .api, .key(scope), summary, answer) { call in
            try await handle(try await SignedCall(call, scope, about: nil))
        }
    }

    /// The same about one guild, which is registered unless it may be new.
    static func signed(
        _ method: Request.Method, _ path: Path<GuildID>, _ scope: APIScope, mayBeNew: Bool = false,
        _ summary: StaticString, _ answer: Answer,
        handle: @escaping @Sendable (SignedCall, GuildID) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, .api, .key(scope), summary, answer) { call in
            var parts = PartReader(call.segments)
            let guild = try parts.next(GuildID.self)
            return try await handle(try await SignedCall(call, scope, about: guild, mayBeNew: mayBeNew), guild)
        }
    }
}
