internal import Domain
internal import Formats
internal import HTTP

/// The API's description (OpenAPI 3.1), made from the table of endpoints that routes the requests.
enum OpenAPI {
    static let path: Path<> = Path("/api/v1/openapi.json")

    private static let document = Schema.named("Description", .object([]))

    static let endpoint = Endpoint.open(.get, path, .api, "This description of the API", .json(document)) { call in
        .text(
            200, "application/json",
            call.context.apiDescription.get {
                var json = JSONWriter(capacity: 131_072)
                write(call.context.endpoints, origin: call.world.settings.origin, call.world.cookies, to: &json)
                return json.finish()
            })
    }.uncounted()

    private static let introduction = """
        Ids are decimal strings, times are ISO 8601 in UTC, lists are paged with `nextCursor`. Errors are RFC 9457, wherever \
        `Accept` asks for JSON. The `pointer` of an error is a JSON Pointer (RFC 6901) into the body, or the name of a query \
        parameter, header or cookie, or empty if it is about the whole request.
        """

    private static func write(
        _ endpoints: [Endpoint], origin: String, _ cookies: Cookies.Names, to json: inout JSONWriter
    ) {
        let described = endpoints.filter(\.isDescribed)
        json.object { json in
            json.string("openapi", "3.1.0")
            json.object("info") { json in
                json.string("title", "Tracking Dashboard")
                json.string("version", "1")
                json.string("description", introduction)
            }
            json.array("servers", [origin]) { json, origin in json.object { $0.string("url", origin) } }
            json.object("paths") { json in
                for template in described.map(\.template).uniqued() {
                    json.object(key: template) { json in
                        for endpoint in described where endpoint.template == template {
                            json.object(key: endpoint.method.rawValue.lowercased()) { endpoint.describe(in: &$0) }
                        }
                    }
                }
            }
            json.object("components") { writeComponents(described, cookies, to: &$0) }
        }
    }

    // MARK: Shared descriptions

    private static let signature = """
        The id of an API key. Also required: Dashboard-Timestamp, the milliseconds since 1970, and Dashboard-Signature: \
        HMAC-SHA256 in hexadecimal, keyed with the key's secret, over four lines joined by line feeds: the timestamp, the \
        method, path and query as sent, and the SHA-256 of the body in hexadecimal.
        """

    private static let cookie = "For scripts of a page. Changes also need the header X-CSRF-Token, from `GET /auth/me`."

    private static let obstacle = Schema.named(
        "Obstacle", .object([.field("kind", .string()), .field("count", .count)]))

    private static let fieldError = Schema.named(
        "FieldError", .object([.field("pointer", .string()), .field("message", .string())]))

    static let problem = Schema.named(
        "Problem",
        .object([
            .field("type", .string(format: "uri-reference")), .field("title", .string()),
            .field("status", .integer(400...599)), .field("detail", .string()),
            .field("instance", .string(format: "uri-reference")), .field("requestId", .string()),
            .optional("inTheWay", .array(obstacle)), .optional("currentVersion", .version),
            .optional("errors", .array(fieldError)),
        ]))

    private static func writeComponents(
        _ endpoints: [Endpoint], _ cookies: Cookies.Names, to json: inout JSONWriter
    ) {
        var known: [(name: String, schema: Schema)] = []
        problem.collect(into: &known)
        Schema.id.collect(into: &known)
        for schema in endpoints.flatMap(\.schemas) { schema.collect(into: &known) }
        json.object("schemas") { json in
            for (name, schema) in known.sorted(by: { $0.name < $1.name }) {
                json.object(key: name) { schema.write(to: &$0) }
            }
        }
        json.object("headers") { json in for header in ResponseHeader.all { header.write(to: &json) } }
        json.object("securitySchemes") { json in
            json.object("bearer") { json in
                json.string("type", "http")
                json.string("scheme", "bearer")
                json.string("bearerFormat", "JWT")
            }
            write("signature", in: "header", "Dashboard-Key", signature, to: &json)
            write("cookie", in: "cookie", cookies.access, cookie, to: &json)
        }
    }

    private static func write(
        _ scheme: StaticString, in place: String, _ name: String, _ description: String, to json: inout JSONWriter
    ) {
        json.object(scheme) { json in
            json.string("type", "apiKey")
            json.string("in", place)
            json.string("name", name)
            json.string("description", description)
        }
    }
}

extension Sequence where Element: Hashable {
    /// Removes duplicates; keeps the first of each.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
