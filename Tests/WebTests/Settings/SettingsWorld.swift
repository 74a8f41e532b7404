import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Settings as clients and browsers see them.
struct SettingsWorld: Sendable {
    static let webhook = "https://discord.com/api/webhooks/123456789012345678/"
    static let secret = "s3cr3t-" + String(repeating: "w", count: 61)

    let test = TestSite.shared
    let cast: Cast
    let alice: AccessToken

    init() async throws {
        cast = try await Cast()
        alice = try await test.signIn(cast.alice.user)
    }

    var api: String { "/api/v1/guilds/\(cast.alice.guild)/settings" }
    var page: String { "/guilds/\(cast.alice.guild)/settings" }

    func read() async throws -> (json: JSONValue, tag: String) {
        let answer = await test.ask(.get, api, as: alice)
        #expect(answer.status == 200)
        return (try JSONParser.parse(Array(answer.text.utf8)), try #require(answer.header("ETag")))
    }

    /// A whole object; the values are JSON.
    static func body(_ changes: [String: String] = [:], without name: String? = nil) -> (type: String, text: String) {
        var values = [
            "trackingEnabled": "true", "notificationsEnabled": "true", "timezone": #""UTC""#, "currency": #""USD""#,
            "alertWebhookUrl": "null", "memberAccess": "true", "nearMissPercent": "80", "checkIntervalMinutes": "60",
            "postRetentionDays": "null",
        ]
        values.merge(changes) { $1 }
        if let name { values[name] = nil }
        return ("application/json", "{" + values.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}")
    }

    func put(
        _ changes: [String: String] = [:], ifMatch: String? = "*", as token: AccessToken? = nil
    ) async -> Response {
        await test.ask(
            .put, api, as: token ?? alice, headers: ifMatch.map { [("If-Match", $0)] } ?? [], body: Self.body(changes))
    }

    func entries() async throws -> [AuditTrail.Entry] {
        try await AuditTrail.entries(of: cast.alice.client).filter { $0.action == "settings.updated" }
    }
}
