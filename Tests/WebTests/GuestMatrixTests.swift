import Domain
import TestKit
import Testing

@testable import Web
import HTTP

/// Every guild endpoint against a guest with an admin's level.
///
/// The rows that refuse guests are listed here, so that a new or changed row fails until it is listed.
@Suite struct `A guest admin at every endpoint` {
    let test = TestSite.shared

    static let guilds = Endpoints.all(isDemo: true).filter { if case .guild = $0.access { true } else { false } }

    private static let keys = "Guests cannot see or make API keys; ask an admin of the server."
    private static let guests = "Guests cannot give or end access; ask an admin of the server."
    private static let settings = "Guests cannot change settings; ask an admin of the server."

    static let refused = [
        "GET /api/v1/guilds/{guildId}/api-keys": keys,
        "POST /api/v1/guilds/{guildId}/api-keys": keys,
        "GET /api/v1/guilds/{guildId}/api-keys/{keyId}": keys,
        "DELETE /api/v1/guilds/{guildId}/api-keys/{keyId}": keys,
        "POST /api/v1/guilds/{guildId}/api-keys/{keyId}/rotate": keys,
        "GET /api/v1/guilds/{guildId}/rejected-items": keys,
        "GET /guilds/{guildId}/api-keys": keys,
        "POST /guilds/{guildId}/api-keys": keys,
        "GET /guilds/{guildId}/api-keys/{keyId}/rotate": keys,
        "POST /guilds/{guildId}/api-keys/{keyId}/rotate": keys,
        "POST /guilds/{guildId}/api-keys/{keyId}/end": keys,
        "POST /api/v1/guilds/{guildId}/access": guests,
        "DELETE /api/v1/guilds/{guildId}/access/{guestId}": guests,
        "POST /guilds/{guildId}/access": guests,
        "POST /guilds/{guildId}/access/{guestId}/end": guests,
        "PUT /api/v1/guilds/{guildId}/settings": settings,
        "POST /guilds/{guildId}/settings": settings,
    ]

    private static func name(of endpoint: Endpoint) -> String { "\(endpoint.method.rawValue) \(endpoint.template)" }

    @Test func `is refused by endpoints that exist`() {
        #expect(Set(Self.refused.keys).subtracting(Self.guilds.map(Self.name)) == [])
    }

    @Test(arguments: guilds.indices)
    func `is refused with the reason, or answered like a member`(index: Int) async throws {
        let cast = try await Cast()
        let endpoint = Self.guilds[index]
        let path = endpoint.path(in: cast.alice.guild)
        try await Seed(cast.alice).guest(cast.charlie.user, .admin)
        let guest = await test.ask(endpoint.method, path, as: try await test.signIn(cast.charlie.user))
        if let reason = Self.refused[Self.name(of: endpoint)] {
            #expect(guest.status == 403, "\(endpoint.template)")
            #expect(guest.text.contains(reason), "\(endpoint.template)")
        } else {
            let alice = await test.ask(endpoint.method, path, as: try await test.signIn(cast.alice.user))
            #expect(guest.status == alice.status, "\(endpoint.template)")
        }
    }
}
