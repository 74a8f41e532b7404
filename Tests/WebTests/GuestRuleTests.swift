import Domain
import TestKit
import Testing

@testable import Web
import HTTP
import Formats

@Suite struct `The table's rule for guests` {
    let test = TestSite.shared

    @Test func `is the list in the guest matrix`() {
        let refusing = Endpoints.all(isDemo: true).reduce(into: [String: String]()) { found, endpoint in
            guard case .guild(let rule) = endpoint.access, let reason = rule.guestRefusal else { return }
            found["\(endpoint.method.rawValue) \(endpoint.template)"] = reason
        }
        #expect(refusing == `A guest admin at every endpoint`.refused)
    }

    @Test func `decides about the menu`() async throws {
        let cast = try await Cast()
        try await Seed(cast.alice).guest(cast.charlie.user, .admin)
        let path = "/guilds/\(cast.alice.guild)"
        let lists = NavigationItem.allCases.map { #"href="\#($0.link(in: cast.alice.guild).text)" data-key="# }
        let expected: [(UserID, [NavigationItem])] = [
            (cast.alice.user, NavigationItem.allCases),
            (cast.bob.user, [.overview, .accounts, .posts, .brands, .usage, .status]),
            (cast.charlie.user, NavigationItem.allCases.filter { $0 != .apiKeys }),
        ]
        for (user, items) in expected {
            let page = await test.ask(.get, path, as: try await test.signIn(user)).text
            #expect(zip(NavigationItem.allCases, lists).filter { page.contains($0.1) }.map(\.0) == items)
        }
    }

    @Test func `is part of the API's description and its reference`() async throws {
        let description = await test.ask(.get, "/api/v1/openapi.json").text
        let paths = try #require(try JSONParser.parse(Array(description.utf8))["paths"])
        let refusal = { (path: String, method: String) in
            paths[path]?[method]?["responses"]?["403"]?["description"]?.string
        }
        #expect(refusal("/api/v1/guilds/{guildId}/settings", "put") == "The level is too low, or a guest's")
        #expect(refusal("/api/v1/guilds/{guildId}/settings", "get") == "The level is too low")
        #expect(await test.ask(.get, "/docs").text.contains("admins of the server, but no guests"))
    }
}
