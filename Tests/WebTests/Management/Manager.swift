import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// A person who changes brands, groups and accounts over the API.
struct Manager: Sendable {
    let test = TestSite.shared
    let access: GuildAccess
    let token: AccessToken

    init(_ access: GuildAccess) async throws {
        self.access = access
        token = try await test.signIn(access.user)
    }

    /// Asks below the guild.
    func send(
        _ method: Request.Method, _ path: String, _ json: String? = nil, query: String = "", in guild: GuildID? = nil
    ) async -> Response {
        await test.ask(
            method, "/api/v1/guilds/\(guild ?? access.guild)/\(path)", query: query, as: token,
            body: json.map { ("application/json", $0) })
    }

    /// Adds something and expects that to work.
    func add(_ path: String, _ json: String) async throws -> JSONValue {
        let answer = await send(.post, path, json)
        try #require(answer.status == 201, "\(answer.text)")
        let made = try answer.parsed()
        let id = try #require(made["id"]?.string)
        #expect(answer.header("Location") == "/api/v1/guilds/\(access.guild)/\(path)/\(id)")
        return made
    }

    func brand(_ name: String) async throws -> String {
        try #require(try await add("brands", #"{"name":"\#(name)"}"#)["id"]?.string)
    }

    func group(_ name: String, of brand: String) async throws -> String {
        try #require(try await add("groups", #"{"name":"\#(name)","brandId":"\#(brand)"}"#)["id"]?.string)
    }

    func account(_ handle: String, in group: String) async throws -> String {
        let json = #"{"platform":"instagram","handle":"\#(handle)","groupId":"\#(group)"}"#
        return try #require(try await add("accounts", json)["id"]?.string)
    }

    /// The entries of the guild's audit log without the first, the guild's registration.
    func entries() async throws -> [AuditTrail.Entry] {
        Array(try await AuditTrail.entries(of: access.client).filter { !$0.action.hasPrefix("guild") })
    }
}

extension Response {
    func parsed() throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

    /// The pointers that a problem document names, in order.
    var pointers: [String] {
        get throws { try parsed()["errors"]?.array?.compactMap { $0["pointer"]?.string } ?? [] }
    }
}

extension JSONValue {
    /// The conflicts in a problem document, such as `groups 2`.
    var obstacles: [String] {
        self["inTheWay"]?.array?.map { "\($0["kind"]?.string ?? "") \($0["count"]?.int64 ?? -1)" } ?? []
    }
}

/// The changes of an audit entry, read as JSON.
extension AuditTrail.Entry {
    func change(_ field: String) throws -> JSONValue? { try JSONParser.parse(Array(changes.utf8))[field] }

    var fields: [String] {
        get throws {
            guard case .object(let members) = try JSONParser.parse(Array(changes.utf8)) else { return [] }
            return members.map(\.name).sorted()
        }
    }
}
