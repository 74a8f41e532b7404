import Domain
import Persistence
import TestKit

@testable import Web
@testable import Formats
@testable import HTTP

/// A request that a bot signs, with optional mistakes.
struct SignedRequest {
    let key: NewAPIKey
    var method = Request.Method.post
    var path: String
    var body = ""
    var isHead = false
    /// With a `?` and nothing behind it.
    var endsInQuestionMark = false
    /// Milliseconds since 1970.
    var time = Timestamp.now.microseconds / 1_000

    init(_ path: String, _ body: String = "", with key: NewAPIKey) {
        self.path = path
        self.body = body
        self.key = key
    }

    var signature: String {
        let lines = [
            String(time), isHead ? "HEAD" : method.rawValue, path + (endsInQuestionMark ? "?" : ""),
            Hex.encode(Crypto.sha256(body.utf8)),
        ]
        return Hex.encode(
            AuthenticationKey(key.secret.bytes).code(for: Array(lines.joined(separator: "\n").utf8)))
    }

    var headers: [(String, String)] {
        [("Dashboard-Key", key.publicID), ("Dashboard-Timestamp", String(time)), ("Dashboard-Signature", signature)]
    }

    func send(to test: TestSite = .shared) async -> Response {
        await test.ask(method, path, headers: headers, body: ("application/json", body))
    }

    /// The same, repeated until it gets a turn among the batches of other tests.
    func sendInTurn() async -> Response {
        var answer: Response
        repeat {
            answer = await SignedRequest(path, body, with: key).send()
        } while answer.status == 503
        return answer
    }

    /// The same with changed headers.
    func send(_ headers: [(String, String)], body: String? = nil, to test: TestSite = .shared) async -> Response {
        await test.ask(method, path, headers: headers, body: ("application/json", body ?? self.body))
    }
}

extension NewAPIKey {
    /// A key in the database, with the vault of the tests' site.
    static func make(_ scopes: [APIScope], in access: GuildAccess) async throws -> NewAPIKey {
        let new = NewAPIKey()
        let credentials = new.credentials(TestSite.shared.vault)
        _ = try await ask { database in
            try await APIKeys.create(
                APIKeyDraft(name: "a bot", scopes: scopes), credentials, from: AuditOrigin(.api, address: nil),
                in: access, database)
        }
        return new
    }

    /// The same for all guilds, as the operator makes it.
    static func makeForInstallation(_ scopes: [APIScope]) async throws -> NewAPIKey {
        let new = NewAPIKey()
        let credentials = new.credentials(TestSite.shared.vault)
        try await waiting {
            let owner = try BlockingConnection(
                ConnectionSettings(address: TestDatabase.shared.address, role: .owner, name: "tests"))
            _ = try InstallationKeys(owner).create(
                APIKeyDraft(name: "the operator's", scopes: scopes), for: nil, credentials)
        }
        return new
    }
}
