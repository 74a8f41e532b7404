internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension DatabaseFailure.ServerError {
    /// Class 22 (data exception): the input is invalid.
    var isBadInput: Bool { state.hasPrefix("22") }
}

/// The text of one kind of error for the client.
///
/// Write for people who did nothing wrong.
struct Problem {
    let status: Int
    let title: StaticString
    let detail: String
    var complaints: [Rejection.Complaint] = []
    var obstacles: [Rejection.Obstacle] = []
    var retryAfterSeconds: Int?
    /// The current version, if the request was for another one.
    var currentVersion: Int64?

    init(_ rejection: Rejection) {
        switch rejection {
        case .malformed(let complaint):
            self.init(400, "Bad request", "Invalid request: \(complaint.sentence)")
            complaints = [complaint]
        case .unauthenticated: self.init(401, "Not signed in", "Sign in, or send a valid access token.")
        case .unsigned(let reason): self.init(401, "Invalid signature", reason)
        case .forbidden(let reason): self.init(403, "Not allowed", reason)
        case .formExpired:
            self.init(
                403, "Not allowed",
                "The form token is missing, or from another session. Get a new one and try again.")
        case .notFound: self.init(404, "Not found", "Not found, or not visible to you.")
        case .conflict(let reason): self.init(409, "Conflict", reason)
        case .duplicate(let complaint):
            self.init(409, "Conflict", "Already exists: \(complaint.pointer) \(complaint.message)")
            complaints = [complaint]
        case .inTheWay(let list):
            self.init(
                409, "Not empty",
                "It still contains \(CountText.list(list)). Delete these first, or use cascade=true.")
            obstacles = list
        case .outdated(let current):
            self.init(
                412, "Changed in the meantime",
                "Someone else saved a newer version. Read it again, and send your change with its ETag."
            )
            currentVersion = current
        case .unsupportedType(let expected): self.init(415, "Unsupported type", "Send \(expected).")
        case .invalid(let list):
            self.init(422, "Invalid input", "Some fields are invalid.")
            complaints = list
        case .preconditionRequired:
            self.init(428, "Version required", "Send the ETag of the version that you change as If-Match.")
        case .tooMany(let seconds):
            self.init(429, "Too many requests", "Please wait a little.")
            retryAfterSeconds = seconds
        case .fault:
            self.init(500, "Something went wrong", "An internal error occurred. The log has it under the request ID.")
        case .unavailable(let reason, let seconds):
            self.init(503, "Not available right now", reason)
            retryAfterSeconds = seconds
        }
    }

    init(_ refusal: HTTPRefusal) {
        switch refusal {
        case .malformed(let part, let message): self.init(Rejection.malformed(.init(part, message)))
        case .methodNotAllowed: self.init(405, "Method not allowed", "This address exists, but not for this method.")
        case .tooSlow: self.init(408, "Too slow", "The request did not arrive in time.")
        case .tooLarge(let limit): self.init(413, "Too large", "At most \(limit) bytes are taken here.")
        case .addressTooLong(let limit):
            self.init(414, "Address too long", "At most \(limit) bytes are taken; each parameter counts as 56 more.")
        case .tooMany(let seconds, _): self.init(Rejection.tooMany(retryAfterSeconds: seconds))
        case .headersTooLarge(let limit):
            self.init(431, "Header too large", "At most \(limit) bytes of header lines are taken.")
        case .unsupportedCoding:
            self.init(501, "Not supported", "The only transfer coding that is supported is chunked.")
        case .unavailable(let reason, let seconds):
            self.init(Rejection.unavailable(reason, retryAfterSeconds: seconds))
        }
    }

    init(_ failure: SignInFailure) {
        self.init(failure.status, failure.title, failure.detail.description)
        retryAfterSeconds = failure.retryAfterSeconds
    }

    private init(_ status: Int, _ title: StaticString, _ detail: String) {
        self.status = status
        self.title = title
        self.detail = detail
    }
}

extension Rejection.Complaint {
    /// The message with the field it is about, if any, ending in one full stop.
    fileprivate var sentence: String {
        let words = pointer.isEmpty ? message : "\(pointer) \(message)"
        return words.hasSuffix(".") ? words : words + "."
    }
}

extension Site {
    /// The response to a failed request: a page, or a problem document (RFC 9457) for programs and wherever the client
    /// asks for JSON.
    func failure(_ rejection: Rejection, _ request: Request, kind: Endpoint.Kind, session: Session?) -> Response {
        failure(Problem(rejection), request, kind: kind, session: session)
    }

    func failure(
        _ problem: Problem, _ request: Request, kind: Endpoint.Kind, session: Session?
    ) -> Response {
        let isDocument = kind.isForPrograms || request.wantsJSON
        var response = isDocument ? document(problem, request) : errorPage(problem, request, session)
        if let seconds = problem.retryAfterSeconds { response.add("Retry-After", text: String(seconds)) }
        if let version = problem.currentVersion { response = response.tagged(version) }
        if problem.status == 401, isDocument { response.add("WWW-Authenticate", "Bearer") }
        return response
    }

    private func document(_ problem: Problem, _ request: Request) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.string("type", "about:blank")
            json.string("title", problem.title.description)
            json.integer("status", Int64(problem.status))
            json.string("detail", problem.detail)
            json.string("instance", request.path)
            json.string("requestId", request.id)
            if !problem.obstacles.isEmpty {
                json.array("inTheWay", problem.obstacles) { json, obstacle in
                    json.object { json in
                        json.string("kind", obstacle.kind)
                        json.integer("count", obstacle.count)
                    }
                }
            }
            if let version = problem.currentVersion { json.integer("currentVersion", version) }
            guard !problem.complaints.isEmpty else { return }
            json.array("errors", problem.complaints) { json, complaint in
                json.object { json in
                    json.string("pointer", complaint.pointer)
                    json.string("message", complaint.message)
                }
            }
        }
        return .text(problem.status, "application/problem+json", json.finish())
    }

    /// 303 to the sign-in page, which returns here afterwards.
    ///
    /// A submitted form is kept.
    func redirectToSignIn(_ request: Request, isStale: Bool) -> Response {
        var response =
            request.method == .get
            ? Response.seeOther(SignInPages.login(returningTo: ReturnPath(request.address), isStale: isStale))
            : notSaved(request, .signedOut, session: nil)
        if isStale { for cookie in context.removedCookies() { response.add("Set-Cookie", text: cookie) } }
        return response
    }
}
