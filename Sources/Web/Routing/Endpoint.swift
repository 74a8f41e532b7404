package import Domain
package import Formats
package import HTTP

/// One row of the endpoint table.
///
/// It is enough to route, guard, limit and describe the endpoint.
package struct Endpoint: Sendable {
    package enum Access: Sendable, Equatable {
        case anyone
        case signedIn
        /// A person who the rule lets into the guild that the path names first.
        case guild(GuildRule)
        /// Signed with an API key that has the scope.
        case key(APIScope)

        /// True if requests come from a person, by token or cookies.
        var isOfPeople: Bool {
            if case .key = self { false } else { true }
        }
    }

    /// Decides the format of errors, and the response headers.
    package enum Kind: Sendable, Equatable {
        case api, page, asset
        /// Monitoring; no session is looked up.
        case operation

        /// True if an error is a problem document instead of a page.
        var isForPrograms: Bool { self == .api || self == .operation }
    }

    /// The rate limit that a request counts against.
    package enum Limit: Sendable, Equatable {
        case none
        /// The limit of the signed-in person.
        case user
        /// The limit of the client's network.
        case signIn
    }

    package enum VersionSaid: Sendable { case never, optional, always }

    /// The content of a successful response.
    package enum Answer: Sendable {
        case json(Schema)
        /// 201 with the address of the created object.
        case created(Schema)
        case events(Schema)
        case html
        case file(StaticString)
        case redirect(Int = 303)
        case empty
    }

    package let method: Request.Method
    package let template: String
    let pieces: [PathPiece]
    /// The JSON schema formats of the path parameters, in order.
    let partFormats: [StaticString]
    package let kind: Kind
    package let access: Access
    package let summary: StaticString
    /// Details that do not fit into the summary.
    package var explanation: StaticString?
    package var parameters: [ParameterDescription] = []
    package var input: Schema?
    /// True if a request may come without a body.
    var isInputOptional = false
    package var answer: Answer
    /// The content of the response with status 200 instead of `answer`, if the client asks for JSON.
    var answerAsJSON: Schema?
    /// True if a successful response has an `ETag`.
    var isVersioned = false
    /// Error statuses that do not follow from the other properties.
    var ownFailures: [(status: Int, description: StaticString)] = []
    /// The largest request body, in bytes.
    package var bodyLimit = 1_048_576
    /// How a request names the version to change by `If-Match`: never, optionally or always.
    package var version = VersionSaid.never
    /// Health checks and files are not limited.
    package var limit = Limit.user
    /// True if a `GET` has an effect.
    ///
    /// A `HEAD` must not have one, so it is rejected.
    package var hasEffect = false
    /// True if a request without a body can still conflict with existing data.
    package var mayConflict = false
    let handle: @Sendable (Call) async throws -> Response

    init<each Part: PathPart>(
        _ method: Request.Method, _ path: Path<repeat each Part>, _ kind: Kind, _ access: Access,
        _ summary: StaticString, _ answer: Answer, handle: @escaping @Sendable (Call) async throws -> Response
    ) {
        var formats: [StaticString] = []
        repeat formats.append((each Part).format)
        self.method = method
        template = path.template
        pieces = path.pieces
        partFormats = formats
        self.kind = kind
        self.access = access
        self.summary = summary
        self.answer = answer
        self.handle = handle
    }
}

// MARK: Rows of the table

extension Endpoint {
    /// Public.
    package static func open<each Part: PathPart>(
        _ method: Request.Method, _ path: Path<repeat each Part>, _ kind: Kind, _ summary: StaticString,
        _ answer: Answer, handle: @escaping @Sendable (Call, repeat each Part) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, kind, .anyone, summary, answer) { call in
            var parts = PartReader(call.segments)
            return try await handle(call, repeat try parts.next((each Part).self))
        }
    }

    /// Requires a signed-in person.
    package static func signedIn<each Part: PathPart>(
        _ method: Request.Method, _ path: Path<repeat each Part>, _ kind: Kind, _ summary: StaticString,
        _ answer: Answer, handle: @escaping @Sendable (Call, Session, repeat each Part) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, kind, .signedIn, summary, answer) { call in
            var parts = PartReader(call.segments)
            return try await handle(call, try call.requireSession(), repeat try parts.next((each Part).self))
        }
    }

    /// Requires at least that level in the guild, which is the first path parameter.
    package static func guild<each Part: PathPart>(
        _ method: Request.Method, _ path: Path<GuildID, repeat each Part>, _ kind: Kind, needs rule: GuildRule,
        _ summary: StaticString, _ answer: Answer,
        handle: @escaping @Sendable (Call, GuildAccess, repeat each Part) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, kind, .guild(rule), summary, answer) { call in
            var parts = PartReader(call.segments)
            let session = try call.requireSession()
            let access = try session.access(by: rule, in: try parts.next(GuildID.self))
            return try await handle(call, access, repeat try parts.next((each Part).self))
        }
    }
}
