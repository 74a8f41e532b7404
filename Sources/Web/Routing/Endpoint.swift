package import Domain

/// One row of the site's table of endpoints: enough to route, guard, limit and describe it.
package struct Endpoint: Sendable {
    package enum Access: Sendable, Equatable {
        case anyone
        case signedIn
        /// A person who the rule lets into the guild that the path names first.
        case guild(GuildRule)
        /// Signed with an API key that has the scope.
        case key(APIScope)

        /// Whether a request is a person's, told by a token or by cookies.
        var isOfPeople: Bool {
            if case .key = self { false } else { true }
        }
    }

    /// Decides how failures look and which headers go along.
    package enum Kind: Sendable, Equatable {
        case api, page, asset
        /// What monitoring asks: nobody is looked up for it.
        case operation

        /// Whether a failure is told as a problem document instead of a page.
        var isForPrograms: Bool { self == .api || self == .operation }
    }

    /// Whose limit a request counts against.
    package enum Limit: Sendable, Equatable {
        case none
        /// That of the person who is signed in.
        case user
        /// That of the network which the request comes from.
        case signIn
    }

    package enum VersionSaid: Sendable { case never, atWill, always }

    /// What a good answer is.
    package enum Answer: Sendable {
        case json(Schema)
        /// 201, with the address of what was made.
        case created(Schema)
        case events(Schema)
        case html
        case file(StaticString)
        case redirect
        case empty
    }

    package let method: Request.Method
    package let template: String
    let pieces: [PathPiece]
    /// The JSON schema formats of the holes, in order.
    let partFormats: [StaticString]
    package let kind: Kind
    package let access: Access
    package let summary: StaticString
    /// What the summary has no room for.
    package var explanation: StaticString?
    package var parameters: [ParameterDescription] = []
    package var input: Schema?
    package var answer: Answer
    /// Bytes that a request's body may have.
    package var bodyLimit = 1_048_576
    /// Whether a request says by `If-Match` which version it changes.
    package var version = VersionSaid.never
    /// Health checks and files do not count against anyone's.
    package var limit = Limit.user
    /// Whether it changes something although it is a `GET`: then a `HEAD`, which must not, is refused.
    package var hasEffect = false
    /// Whether the state of things can be in the way, although no body is sent.
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

    package func takes(_ parameters: [ParameterDescription]) -> Endpoint {
        var copy = self
        copy.parameters += parameters
        return copy
    }

    package func takesBody(_ schema: Schema, limit: Int? = nil) -> Endpoint {
        var copy = self
        copy.input = schema
        if let limit { copy.bodyLimit = limit }
        return copy
    }

    package func explained(_ text: StaticString) -> Endpoint {
        var copy = self
        copy.explanation = text
        return copy
    }

    package func withEffect() -> Endpoint {
        var copy = self
        copy.hasEffect = true
        return copy
    }

    package func conflicts() -> Endpoint {
        var copy = self
        copy.mayConflict = true
        return copy
    }

    package func takesVersion() -> Endpoint {
        var copy = self
        copy.version = .always
        return copy
    }

    package func mayTakeVersion() -> Endpoint {
        var copy = self
        copy.version = .atWill
        return copy
    }

    package func uncounted() -> Endpoint {
        var copy = self
        copy.limit = .none
        return copy
    }

    package func countedAsSignIn() -> Endpoint {
        var copy = self
        copy.limit = .signIn
        return copy
    }
}

// MARK: Rows of the table

extension Endpoint {
    /// For everyone, signed in or not.
    package static func open<each Part: PathPart>(
        _ method: Request.Method, _ path: Path<repeat each Part>, _ kind: Kind, _ summary: StaticString,
        _ answer: Answer, handle: @escaping @Sendable (Call, repeat each Part) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, kind, .anyone, summary, answer) { call in
            var parts = PartReader(call.segments)
            return try await handle(call, repeat try parts.next((each Part).self))
        }
    }

    /// For a person who is signed in.
    package static func signedIn<each Part: PathPart>(
        _ method: Request.Method, _ path: Path<repeat each Part>, _ kind: Kind, _ summary: StaticString,
        _ answer: Answer, handle: @escaping @Sendable (Call, Session, repeat each Part) async throws -> Response
    ) -> Endpoint {
        Endpoint(method, path, kind, .signedIn, summary, answer) { call in
            var parts = PartReader(call.segments)
            return try await handle(call, try call.requireSession(), repeat try parts.next((each Part).self))
        }
    }

    /// For a person who the rule lets into the guild that the path names first.
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
