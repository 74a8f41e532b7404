import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Every route of a guild, with an object of another tenant in each place of a request that can name one: a new route
/// is tested by being there, and a new kind of id or change fails until it is listed here.
///
/// Serialized: each fills two tenants, and in parallel they would use up the few connections of other tests.
@Suite(.serialized) struct `An object of another tenant` {
    let test = TestSite.shared

    static let endpoints = `Access to every endpoint`.guilds
    static let inner = endpoints.filter { $0.pathParameters.count > 1 }
    static let filtered = endpoints.filter { !$0.idParameters.isEmpty }
    static let paged = endpoints.filter { endpoint in endpoint.parameters.contains { $0.name.description == "cursor" } }

    /// The body of a change, so that only the tenant is wrong with it; nil for none.
    static let changes: [String: (type: String, text: String)?] = [
        "POST /api/v1/guilds/{guildId}/access": ("application/json", #"{"userId":"77","level":"viewer","hours":1}"#),
        "DELETE /api/v1/guilds/{guildId}/access/{guestId}": nil,
        "POST /guilds/{guildId}/access": ("application/x-www-form-urlencoded", "userId=77&level=viewer&hours=1"),
        "POST /guilds/{guildId}/access/{guestId}/end": nil,
        "POST /api/v1/guilds/{guildId}/api-keys": ("application/json", #"{"name":"x","scopes":["posts"]}"#),
        "POST /api/v1/guilds/{guildId}/api-keys/{keyId}/rotate": ("application/json", "{}"),
        "DELETE /api/v1/guilds/{guildId}/api-keys/{keyId}": nil,
        "POST /guilds/{guildId}/api-keys": ("application/x-www-form-urlencoded", "name=x&scope-posts=on"),
        "POST /guilds/{guildId}/api-keys/{keyId}/rotate": nil,
        "POST /guilds/{guildId}/api-keys/{keyId}/end": nil,
        "PUT /api/v1/guilds/{guildId}/settings": ("application/json", #"{"trackingEnabled":false}"#),
        "POST /guilds/{guildId}/settings": (form, "version=1"),
        "POST /api/v1/guilds/{guildId}/brands": ("application/json", #"{"name":"x"}"#),
        "PATCH /api/v1/guilds/{guildId}/brands/{brandId}": ("application/json", #"{"name":"x"}"#),
        "DELETE /api/v1/guilds/{guildId}/brands/{brandId}": nil,
        "POST /guilds/{guildId}/brands/new": (form, "name=x"),
        "POST /guilds/{guildId}/brands/{brandId}/edit": (form, "name=x"),
        "POST /guilds/{guildId}/brands/{brandId}/delete": (form, ""),
        "POST /api/v1/guilds/{guildId}/groups": ("application/json", #"{"name":"x","brandId":"1"}"#),
        "PATCH /api/v1/guilds/{guildId}/groups/{groupId}": ("application/json", #"{"name":"x"}"#),
        "DELETE /api/v1/guilds/{guildId}/groups/{groupId}": nil,
        "POST /guilds/{guildId}/groups/new": (form, "name=x&brandId=1"),
        "POST /guilds/{guildId}/groups/{groupId}/edit": (form, "name=x&brandId=1"),
        "POST /guilds/{guildId}/groups/{groupId}/delete": (form, ""),
        "POST /api/v1/guilds/{guildId}/accounts": (
            "application/json", #"{"platform":"x","handle":"x","groupId":"1"}"#
        ),
        "PATCH /api/v1/guilds/{guildId}/accounts/{accountId}": ("application/json", #"{"notes":"x"}"#),
        "DELETE /api/v1/guilds/{guildId}/accounts/{accountId}": nil,
        "POST /guilds/{guildId}/accounts/new": (form, "platform=x&handle=x&groupId=1&status=active"),
        "POST /guilds/{guildId}/accounts/{accountId}/edit": (form, "handle=x&groupId=1&status=active"),
        "POST /guilds/{guildId}/accounts/{accountId}/delete": (form, ""),
        "POST /guilds/{guildId}/accounts/{accountId}/pause": nil,
        "POST /guilds/{guildId}/accounts/{accountId}/resume": nil,
    ]
    private static let form = "application/x-www-form-urlencoded"

    /// The body of a change that names an object of a tenant; `@` stands for its id.
    static let bodies: [(endpoint: String, id: String, type: String, text: String)] = [
        ("POST /api/v1/guilds/{guildId}/groups", "brandId", "application/json", #"{"name":"new","brandId":"@"}"#),
        ("PATCH /api/v1/guilds/{guildId}/groups/{groupId}", "brandId", "application/json", #"{"brandId":"@"}"#),
        ("POST /guilds/{guildId}/groups/new", "brandId", form, "name=new&brandId=@"),
        ("POST /guilds/{guildId}/groups/{groupId}/edit", "brandId", form, "name=new&brandId=@"),
        (
            "POST /api/v1/guilds/{guildId}/accounts", "groupId", "application/json",
            #"{"platform":"x","handle":"new","groupId":"@"}"#
        ),
        ("PATCH /api/v1/guilds/{guildId}/accounts/{accountId}", "groupId", "application/json", #"{"groupId":"@"}"#),
        ("POST /guilds/{guildId}/accounts/new", "groupId", form, "platform=x&handle=new&groupId=@&status=active"),
        ("POST /guilds/{guildId}/accounts/{accountId}/edit", "groupId", form, "handle=new&groupId=@&status=active"),
    ]
    /// Ids in bodies that name no object of a tenant.
    static let peoplesIDs: Set = ["userId"]

    @Test func `is listed here for every route`() async throws {
        let ids = try await Belongings.fill(try await Cast().alice).ids
        for endpoint in Self.endpoints {
            #expect(endpoint.method == .get || Self.changes.keys.contains(endpoint.name), "\(endpoint.name)")
            #expect(Set(endpoint.pathParameters).subtracting(["guildId"]).isSubset(of: ids.keys), "\(endpoint.name)")
            #expect(Set(endpoint.idParameters).isSubset(of: ids.keys), "\(endpoint.name)")
            let named = Self.bodies.filter { $0.endpoint == endpoint.name }.map(\.id)
            #expect(endpoint.input?.ids.isSubset(of: Self.peoplesIDs.union(named)) ?? true, "\(endpoint.name)")
        }
        #expect(Self.inner.count >= 4 && Self.filtered.count >= 5 && Self.paged.count >= 7)
    }

    @Test func `has a checksum that detects a change`() async throws {
        let (cast, _, _, before) = try await scene()
        #expect(before.split(separator: "\n").count >= 13, "a table is missing: \(before)")
        #expect(try await Belongings.checksums(of: cast.alice) == before)
        try await Seed(cast.alice).settings(timezone: "Europe/Berlin")
        #expect(try await Belongings.checksums(of: cast.alice) != before)
    }

    @Test(arguments: endpoints.indices)
    func `in its own path gives the same answer as an unknown id`(index: Int) async throws {
        let (cast, theirs, charlie, before) = try await scene()
        let endpoint = Self.endpoints[index]
        let answer = await send(endpoint, endpoint.path(in: cast.alice.guild, theirs.ids), as: charlie)
        let nowhere = await send(endpoint, endpoint.path(in: GuildID(number: 5), theirs.ids), as: charlie)
        #expect(answer.status == 404, "\(endpoint.name)")
        #expect(plain(answer) == plain(nowhere), "\(endpoint.name)")
        try await expectUnchanged(cast, theirs, before, answer, endpoint)
    }

    @Test(arguments: inner.indices)
    func `is not found below the own guild`(index: Int) async throws {
        let (cast, theirs, charlie, before) = try await scene()
        let endpoint = Self.inner[index]
        let answer = await send(endpoint, endpoint.path(in: cast.charlie.guild, theirs.ids), as: charlie)
        let unknown = theirs.ids.mapValues { _ in "9000000000" }
        let nowhere = await send(endpoint, endpoint.path(in: cast.charlie.guild, unknown), as: charlie)
        #expect(answer.status == 404, "\(endpoint.name)")
        #expect(plain(answer) == plain(nowhere), "\(endpoint.name)")
        try await expectUnchanged(cast, theirs, before, answer, endpoint)
    }

    @Test(arguments: bodies.indices)
    func `in a body gives the same answer as an unknown id`(index: Int) async throws {
        let (cast, theirs, charlie, before) = try await scene()
        let body = Self.bodies[index]
        let endpoint = try #require(Self.endpoints.first { $0.name == body.endpoint })
        let own = try await Belongings.fill(cast.charlie)
        let path = endpoint.path(in: cast.charlie.guild, own.ids)
        let untouched = try await Belongings.checksums(of: cast.charlie)
        func send(_ id: String) async -> Response {
            await test.ask(
                endpoint.method, path, as: charlie, body: (body.type, body.text.replacing("@", with: id)))
        }
        let answer = await send(try #require(theirs.ids[body.id]))
        let unknown = await send("9000000000")
        #expect([404, 422].contains(answer.status), "\(endpoint.name) gave \(answer.status)")
        #expect(plain(answer) == plain(unknown), "\(endpoint.name)")
        #expect(try await Belongings.checksums(of: cast.charlie) == untouched, "\(endpoint.name)")
        try await expectUnchanged(cast, theirs, before, answer, endpoint)
        // This proves that the id alone was the reason.
        let right = await send(try #require(own.ids[body.id]))
        #expect([200, 201, 303].contains(right.status), "\(endpoint.name) gave \(right.status): \(right.text)")
    }

    @Test(arguments: filtered.indices)
    func `in a filter finds as little as an unknown id`(index: Int) async throws {
        let (cast, theirs, charlie, before) = try await scene()
        let endpoint = Self.filtered[index]
        let path = endpoint.path(in: cast.charlie.guild, try await Belongings.fill(cast.charlie).ids)
        for name in endpoint.idParameters {
            let id = try #require(theirs.ids[name])
            let answer = await test.ask(.get, path, query: "\(name)=\(id)", as: charlie)
            let unknown = await test.ask(.get, path, query: "\(name)=9000000000", as: charlie)
            #expect(answer.status == 200, "\(endpoint.name) and \(name)")
            #expect(plain(answer) == plain(unknown), "\(endpoint.name) and \(name)")
            try await expectUnchanged(cast, theirs, before, answer, endpoint)
        }
    }

    @Test(arguments: paged.indices)
    func `has a cursor that other tenants cannot use`(index: Int) async throws {
        let (cast, theirs, charlie, before) = try await scene()
        let endpoint = Self.paged[index]
        let first = await test.ask(
            .get, endpoint.path(in: cast.alice.guild, theirs.ids), query: "limit=1",
            as: try await test.signIn(cast.alice.user))
        let next = first.text.firstMatch(of: /(?:nextCursor":"|cursor=)([A-Za-z0-9_-]+)/)?.1
        let cursor = try #require(next, "\(endpoint.name) has no next page")
        let path = endpoint.path(in: cast.charlie.guild)
        let answer = await test.ask(.get, path, query: "limit=1&cursor=\(cursor)", as: charlie)
        let invented = await test.ask(.get, path, query: "limit=1&cursor=AAAAAAAAAAAAAAAAAAAAAAAAAA", as: charlie)
        #expect(answer.status == 400, "\(endpoint.name)")
        #expect(plain(answer) == plain(invented), "\(endpoint.name)")
        try await expectUnchanged(cast, theirs, before, answer, endpoint)
    }

    @Test(arguments: endpoints.indices)
    func `is in no answer about the own guild`(index: Int) async throws {
        let (cast, theirs, charlie, before) = try await scene()
        let endpoint = Self.endpoints[index]
        guard endpoint.method == .get else { return }
        let path = endpoint.path(in: cast.charlie.guild, try await Belongings.fill(cast.charlie).ids)
        let answer = await test.ask(.get, path, as: charlie)
        #expect([200, 303].contains(answer.status), "\(endpoint.name)")
        #expect(!answer.text.contains("Guild A"), "\(endpoint.name)")
        try await expectUnchanged(cast, theirs, before, answer, endpoint)
    }

    // MARK: Support

    /// Alice's tenant with something in it, and Charlie, who is an admin of another.
    private func scene() async throws -> (cast: Cast, theirs: Belongings, charlie: AccessToken, before: String) {
        let cast = try await Cast()
        let theirs = try await Belongings.fill(cast.alice)
        return (cast, theirs, try await test.signIn(cast.charlie.user), try await Belongings.checksums(of: cast.alice))
    }

    private func send(_ endpoint: Endpoint, _ path: String, as token: AccessToken) async -> Response {
        await test.ask(endpoint.method, path, as: token, body: Self.changes[endpoint.name] ?? nil)
    }

    /// The answer without the input, times and form tokens, which differ from one request to the next.
    private func plain(_ answer: Response) -> String {
        answer.text.replacing(/value="[A-Za-z0-9_-]{43}"/, with: "").replacing(/cursor=[A-Za-z0-9_-]+/, with: "")
            .replacing(/[0-9]+/, with: "#")
    }

    private func expectUnchanged(
        _ cast: Cast, _ theirs: Belongings, _ before: String, _ answer: Response, _ endpoint: Endpoint
    ) async throws {
        #expect(!answer.text.contains(theirs.mark), "\(endpoint.name)")
        #expect(try await Belongings.checksums(of: cast.alice) == before, "\(endpoint.name)")
    }
}
