internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The sender's sessions: list them, end one or all.
enum SessionEndpoints {
    static let sessions: Path<> = Path("/api/v1/auth/sessions")
    static let session = Path<SessionID>("/api/v1/auth/sessions/{sessionId}")
    static let logoutAll: Path<> = Path("/api/v1/auth/logout-all")

    static let endpoints: [Endpoint] = [
        .signedIn(
            .get, sessions, .api, "List your sessions", .json(.page("SessionList", of: SessionJSON.schema))
        ) { call, session in
            .list(try await Sessions.list(of: session.user, current: session.id, call.database)) { json, entry in
                json.object { SessionJSON.write(entry, isCurrent: entry.id == session.id, to: &$0) }
            }
        },
        .signedIn(.delete, Self.session, .api, "End one of your sessions", .empty) { call, session, id in
            try await end(id, call, session)
            var response = Response(status: 204)
            if id == session.id { SignInEndpoints.clear(call, &response) }
            return response
        },
        .signedIn(.post, logoutAll, .api, "End all your sessions", .empty) { call, session in
            try await endAll(call, session)
            var response = Response(status: 204)
            SignInEndpoints.clear(call, &response)
            return response
        },
    ]

    /// - Throws: `notFound` for a session that has ended, or of another person.
    static func end(_ id: SessionID, _ call: Call, _ session: Session) async throws {
        let isEnded = try await Sessions.revoke(
            id, of: session.user, reason: id == session.id ? .logout : .revokedByUser, from: call.origin, call.database)
        guard isEnded else { throw Rejection.notFound }
        call.world.sessions.forget(id)
    }

    static func endAll(_ call: Call, _ session: Session) async throws {
        try await Sessions.revokeAll(of: session.user, from: call.origin, call.database)
        call.world.sessions.forget(sessionsOf: session.user)
        await DiscordConsent(of: session.user, call).revoke()
    }
}
