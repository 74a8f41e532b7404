internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence

extension Endpoint {
    /// True for the forms of a server's pages.
    var takesForm: Bool {
        if case .guild = access { kind == .page && method == .post } else { false }
    }
}

extension Site {
    /// Calls the endpoint of a form; the second click on its button gets the redirect of the first.
    ///
    /// The form's token differs on each page, so only the same form with the same input makes the same request. A
    /// response that is not a redirect shows an error or a secret; it is not stored, and the form may be sent again.
    ///
    /// - Throws: errors of the endpoint, `conflict` if the result of the first request is unknown.
    func answerFormOnce(_ call: Call, _ rule: GuildRule) async throws -> Response {
        var parts = PartReader(call.segments)
        let access = try call.requireSession().access(by: rule, in: try parts.next(GuildID.self))
        let hash = Self.hash(call.request)
        let keys = IdempotencyKeys(of: access.user, key: hash, database)
        switch try await claim(keys, hash) {
        case .first: return try await answerFirstForm(call, keys, hash)
        case .answered(let sealed): return try repeated(sealed, hash)
        case .underWay, .unknown, .other:
            throw Rejection.conflict(
                "This form was sent before, and its result is unknown. Check the page before you send it again.")
        }
    }

    /// Waits for the first of two equal requests, up to 5 seconds.
    private func claim(_ keys: IdempotencyKeys, _ hash: [UInt8]) async throws -> IdempotencyKeys.Claim {
        for _ in 0..<50 {
            let claim = try await keys.claim(request: hash)
            guard claim == .underWay else { return claim }
            await loop.sleep(for: .milliseconds(100))
        }
        return .underWay
    }

    private func answerFirstForm(_ call: Call, _ keys: IdempotencyKeys, _ hash: [UInt8]) async throws -> Response {
        let response: Response
        do {
            response = try await call.endpoint.handle(call)
        } catch {
            // After other errors the result is unknown.
            if error is Rejection || (error as? DatabaseFailure)?.isRolledBack == true { try await keys.giveUp() }
            throw error
        }
        if response.status == 303 {
            await keep(response, keys, hash, of: call.request)
        } else {
            try await keys.giveUp()
        }
        return response
    }
}

extension DatabaseFailure {
    fileprivate var isRolledBack: Bool {
        if case .busy = self { true } else { false }
    }
}
