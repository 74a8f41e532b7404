import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(2))) struct `Refreshing` {
    let test = TestSite.shared

    private func refresh(_ token: RefreshToken) async -> Response {
        await test.ask(
            .post, "/api/v1/auth/refresh", body: ("application/json", #"{"refreshToken":"\#(token.text)"}"#))
    }

    private func works(_ token: AccessToken) async -> Bool {
        await test.ask(.get, "/api/v1/auth/me", as: token).status == 200
    }

    private func child(_ answer: Response) throws -> String {
        try #require(try JSONParser.parse(Array(answer.text.utf8))["refreshToken"]?.string)
    }

    /// Expires the grace of a session's last rotation.
    private func waitOutGrace(_ session: SessionID) async throws {
        _ = try await ask { database in
            try await database.rows(
                """
                UPDATE dashboard_sessions SET rotated_at = rotated_at - interval '11 s' WHERE id = \(session)
                """)
        }
    }

    @Test func `twenty times at once with one token gives one child, in every one of fifty rounds`() async throws {
        let alice = try await test.enter(try await Cast().alice.user)
        var token = alice.refresh
        for round in 1...50 {
            let children = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...20 {
                    group.addTask { [token] in
                        let answer = await refresh(token)
                        #expect(answer.status == 200, "round \(round)")
                        return try child(answer)
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(children.count == 1, "round \(round)")
            token = try #require(children.first.flatMap { RefreshToken($0, keys: test.keys) })
            #expect(token.generation == UInt32(round))
        }
        #expect(await works(alice.access))
        #expect(
            try await AuditTrail.installation(about: "session", "\(alice.access.session)").map(\.action) == [
                "sign_in.accepted"
            ])
    }

    @Test func `again with the same token within the grace gives the same child`() async throws {
        let alice = try await test.enter(try await Cast().alice.user)
        let first = try child(await refresh(alice.refresh))
        let second = try child(await refresh(alice.refresh))
        #expect(first == second)
        #expect(first == alice.refresh.children(keys: test.keys)[0].text)
    }

    @Test func `again after the grace ends that session and no other`() async throws {
        let cast = try await Cast()
        let (alice, other) = (try await test.enter(cast.alice.user), try await test.enter(cast.alice.user))
        let bob = try await test.enter(cast.bob.user)
        let child = try #require(RefreshToken(try child(await refresh(alice.refresh)), keys: test.keys))
        try await waitOutGrace(alice.access.session)
        #expect(await refresh(alice.refresh).status == 401)
        #expect(await works(alice.access) == false)
        #expect(await refresh(child).status == 401)
        #expect(await works(other.access))
        #expect(await refresh(other.refresh).status == 200)
        #expect(await works(bob.access))
        let entries = try await AuditTrail.installation(about: "session", "\(alice.access.session)")
        #expect(entries.map(\.action) == ["sign_in.accepted", "session.token_reused"])
        #expect(entries.last?.changes == #"{"userId": "\#(cast.alice.user)"}"#)
        #expect(entries.last?.address == "127.0.0.1")
    }

    @Test(arguments: [true, false])
    func `with a token that is older than the last one's parent ends the session`(isInGrace: Bool) async throws {
        let alice = try await test.enter(try await Cast().alice.user)
        let child = alice.refresh.children(keys: test.keys)[0]
        #expect(await refresh(alice.refresh).status == 200)
        #expect(await refresh(child).status == 200)
        if !isInGrace { try await waitOutGrace(alice.access.session) }
        #expect(await refresh(alice.refresh).status == 401)
        #expect(await works(alice.access) == false)
        #expect(await refresh(child.children(keys: test.keys)[0]).status == 401)
    }

    @Test func `with a forged token or one of an ended session changes nothing`() async throws {
        let alice = try await test.enter(try await Cast().alice.user)
        let forged = RefreshToken.first(of: alice.access.session, keys: Keys(current: [1, 2, 3]))
        #expect(await refresh(forged).status == 401)
        #expect(await works(alice.access))
        #expect(await test.ask(.post, "/api/v1/auth/logout", as: alice.access).status == 204)
        #expect(await refresh(alice.refresh).status == 401)
        let actions = try await AuditTrail.installation(about: "session", "\(alice.access.session)").map(\.action)
        #expect(actions == ["sign_in.accepted", "session.ended"])
    }

    @Test func `never moves the expiry, which is thirty days after the sign-in`() async throws {
        let alice = try await test.enter(try await Cast().alice.user)
        let id = alice.access.session
        let ends: @Sendable (Database) async throws -> [Bool] = { database in
            let row = try await database.rows(
                """
                SELECT expires_at = absolute_expires_at, expires_at = created_at + interval '30 days'
                  FROM dashboard_sessions WHERE id = \(id)
                """)[0]
            return [row.boolean(0), row.boolean(1)]
        }
        #expect(try await ask(ends) == [true, true])
        #expect(await refresh(alice.refresh).status == 200)
        #expect(try await ask(ends) == [true, true])
        _ = try await ask { database in
            try await database.rows(
                """
                UPDATE dashboard_sessions SET created_at = now() - interval '31 days',
                       expires_at = now() - interval '1 s', absolute_expires_at = now() - interval '1 s' WHERE id = \(id)
                """)
        }
        #expect(await refresh(alice.refresh.children(keys: test.keys)[0]).status == 401)
        #expect(await works(alice.access) == false)
    }

    @Test func `moves the time of the last activity`() async throws {
        let alice = try await test.enter(try await Cast().alice.user)
        let id = alice.access.session
        _ = try await ask { database in
            try await database.rows(
                "UPDATE dashboard_sessions SET last_active_at = now() - interval '1 day' WHERE id = \(id)")
        }
        let isRecent: @Sendable (Database) async throws -> Bool = { database in
            try await database.rows(
                "SELECT last_active_at > now() - interval '1 minute' FROM dashboard_sessions WHERE id = \(id)"
            )[0].boolean(0)
        }
        #expect(await works(alice.access))
        #expect(try await ask(isRecent) == false)
        #expect(await refresh(alice.refresh).status == 200)
        #expect(try await ask(isRecent))
    }
}
