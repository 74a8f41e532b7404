internal import Domain
internal import Formats
internal import HTTP

/// Cross-origin access of scripts to the API: full access for origins that the operator listed, none for others.
extension Site {
    private static let exposed: StaticString =
        "ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"

    /// The origin that a request names, if the operator listed it.
    func listedOrigin(of request: Request) -> String? {
        guard let origin = request.headers.text("origin"), world.settings.allowedOrigins.contains(origin) else {
            return nil
        }
        return origin
    }

    /// Tells the browser if the calling script may read the response.
    func addCrossOriginHeaders(_ response: inout Response, _ request: Request) {
        guard !world.settings.allowedOrigins.isEmpty, request.path.hasPrefix("/api/") else { return }
        // Without `Vary` a cache might give the response for one origin to another.
        response.add("Vary", "Origin")
        guard let origin = listedOrigin(of: request) else { return }
        response.add("Access-Control-Allow-Origin", text: origin)
        response.add("Access-Control-Allow-Credentials", "true")
        response.add("Access-Control-Expose-Headers", Self.exposed)
    }

    /// The response to a preflight request (Fetch standard, 3.2.2).
    func preflight(_ request: Request, _ methods: [Request.Method]) -> Response? {
        guard request.method == .options, request.path.hasPrefix("/api/"), listedOrigin(of: request) != nil,
            request.headers.contains("access-control-request-method")
        else { return nil }
        var response = Response(status: 204)
        response.add("Access-Control-Allow-Methods", text: Self.names(of: methods))
        response.add(
            "Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, X-CSRF-Token")
        // 10 minutes. An origin that the operator removes may keep sending rejected requests for that long.
        response.add("Access-Control-Max-Age", "600")
        return response
    }

    static func names(of methods: [Request.Method], head: Bool = true) -> String {
        ((head && methods.contains(.get) ? ["HEAD"] : []) + methods.map(\.rawValue)).joined(separator: ", ")
    }
}
