internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence

/// An authenticated request of a bot.
///
/// Bot endpoints reach the database only through it.
struct SignedCall {
    let call: Call
    private let key: BotAccess.Key
    private let signature: BotSignature
    private let quota: RateLimiter.Quota

    /// Authenticates a request.
    ///
    /// A valid signature by a key with this scope is required; `guild` is nil for endpoints of the whole installation.
    ///
    /// - Throws: `unsigned`; `forbidden` without the scope, or for a guild's key on an installation endpoint;
    ///   `notFound` for a guild of another key, or a guild that the bot has not reported as joined;
    ///   `RateLimiter.UsedUp`, without a query if the network has sent too many badly signed requests.
    init(_ call: Call, _ scope: APIScope, about guild: GuildID?, mayBeNew: Bool = false) async throws {
        self.call = call
        let world = call.world
        signature = try BotSignature(call.request, now: world.now())
        try world.limiter.checkUnsigned(call.request, signature.publicID)
        let found = try await Self.find(signature, about: guild, call.request, in: world, call.database)
        guard let secret = world.vault.open(found.sealedSecret, ofKey: signature.publicID) else {
            world.limiter.countUnsigned(call.request, signature.publicID)
            throw Rejection.unsigned("The secret of this key cannot be read any more. Replace the key.")
        }
        guard signature.isValid(for: call.request, secret: secret) else {
            world.limiter.countUnsigned(call.request, signature.publicID)
            throw Rejection.unsigned(signature.fault(in: call.request, secret: secret))
        }
        world.limiter.noteProven(signature.publicID)
        key = found
        quota = try world.limiter.count(found.id)
        if let own = found.guild {
            guard let guild else { throw Rejection.forbidden("This requires a key of the whole installation.") }
            if own != guild { throw Rejection.notFound }
        }
        if guild != nil, !mayBeNew, found.client == nil { throw Rejection.notFound }
        if let client = found.client { world.usage.count(client, at: world.now()) }
        if !found.scopes.contains(scope) { try refuse(scope) }
    }

    /// Checks the header of a signed request: format and clock of the signature, the network's limit, and the key.
    ///
    /// - Throws: the errors of `init` for these; the signature itself is verified after the body was read.
    static func judgeHeader(of request: Request, _ segments: [Substring], in context: LoopContext) async throws {
        let world = context.world
        let signature = try BotSignature(request, now: world.now())
        try world.limiter.checkUnsigned(request, signature.publicID)
        let guild = segments.first.flatMap { GuildID($0) }
        let found = try await find(signature, about: guild, request, in: world, context.database)
        if let own = found.guild, own != guild { throw Rejection.notFound }
    }

    /// The active key that the request names.
    ///
    /// Whether an id exists, is revoked or has ended is told to everyone who knows it: docs/threat-model.md.
    private static func find(
        _ signature: BotSignature, about guild: GuildID?, _ request: Request, in world: World, _ database: Database
    ) async throws -> BotAccess.Key {
        let found = try await BotAccess.find(signature.publicID, about: guild, database)
        if let found, found.state == .active { return found }
        world.limiter.countUnsigned(request, signature.publicID)
        switch found?.state {
        case .revoked: throw Rejection.unsigned("The key was revoked. Its server's admins can make another one.")
        case .ended: throw Rejection.unsigned("The key has ended, because it was replaced. Use the new key.")
        case .active, nil: throw Rejection.unsigned("There is no API key with the id in Dashboard-Key.")
        }
    }

    private func refuse(_ scope: APIScope) throws(Rejection) {
        guard call.world.settings.enforcesScopes else {
            return call.world.log.warning(
                "an API key lacks a scope (not enforced)",
                [("key", signature.publicID), ("scope", scope.rawValue), ("request", call.request.id)])
        }
        throw .forbidden("The key lacks the scope \(scope.rawValue).")
    }

    /// Calls the SQL function of the request once, and responds with its result.
    ///
    /// - Throws: the errors of `BotAccess.run`.
    func run(_ statement: SQL, answer: (Rows) throws -> Response) async throws -> Response {
        let rows = try await BotAccess.run(
            statement, with: key.id, signature: signature.code, from: call.origin.address, call.database)
        var response = try answer(rows)
        [quota].describe(in: &response)
        return response
    }

    /// The same for a batch, when its turn comes.
    ///
    /// - Throws: the errors of `BotAccess.run`; `unavailable` if the batch waited too long.
    func runBatch(_ function: SQL) async throws -> Response {
        let turns = call.world.batchTurns
        guard let client = key.client, await turns.take(for: client, on: call.database.loop) else {
            throw Rejection.unavailable("Too many batches are queued.", retryAfterSeconds: 5)
        }
        defer { turns.giveBack(client) }
        return try await run(BotAccess.batch(function)) { rows in
            let outcome = try BotAccess.outcome(in: rows)
            if outcome.rejected > 0 { note(outcome) }
            return .text(200, "application/json", Bytes.copy(outcome.answer))
        }
    }

    /// Logs that items were rejected.
    private func note(_ outcome: BotAccess.Outcome) {
        call.world.log.warning(
            "items of a bot were rejected",
            [
                ("key", signature.publicID), ("guild", call.segments.first.map(String.init) ?? ""),
                ("count", String(outcome.rejected)), ("first", outcome.firstFault ?? ""), ("request", call.request.id),
            ])
    }

    /// The function's result is JSON already.
    static func jsonResult(_ rows: Rows) throws(DatabaseFailure) -> Response {
        let answer: String = try rows.only("the answer", of: "schema bot")
        return .text(200, "application/json", Bytes.copy(answer))
    }

    /// The body as text.
    ///
    /// PostgreSQL parses the JSON of a batch, so that it is parsed only once.
    ///
    /// - Throws: `unsupportedType`, `malformed` if it is not UTF-8.
    func jsonText() throws(Rejection) -> String {
        try call.request.requireBody(of: "application/json")
        guard let text = String(validating: call.request.body, as: UTF8.self) else {
            throw .malformed(.init("", "The body is not UTF-8."))
        }
        return text
    }
}

extension Endpoint {
    /// For a bot whose key has the scope; about the whole installation.
    static func signed(
        _ method: Request.Method, _ path: Path<>, _ scope: APIScope, _ summary: StaticString, _ answer: Answer,
        handle: @escaping @Sendable (SignedCall) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, .api, .key(scope), summary, answer) { call in
            try await handle(try await SignedCall(call, scope, about: nil))
        }
    }

    /// The same for one guild.
    ///
    /// The guild must be registered unless `mayBeNew`.
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
