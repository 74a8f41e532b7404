internal import Domain
internal import Formats
internal import HTTP

/// The API's description (OpenAPI 3.1), made from the table of endpoints that routes the requests.
enum OpenAPI {
    static let path: Path<> = Path("/api/v1/openapi.json")

    static let endpoint = Endpoint.open(.get, path, .api, "This description of the API", .json(.object([]))) { call in
        .json(capacity: 65_536) { json in write(call.context.endpoints, origin: call.world.settings.origin, to: &json) }
    }.uncounted()

    private static func write(_ endpoints: [Endpoint], origin: String, to json: inout JSONWriter) {
        let described = endpoints.filter(\.isDescribed)
        json.object { json in
            json.string("openapi", "3.1.0")
            json.object("info") { json in
                json.string("title", "Tracking Dashboard")
                json.string("version", "1")
                json.string(
                    "description",
                    "Ids are decimal strings, times are ISO 8601 in UTC, lists are paged with `nextCursor`, errors are RFC 9457."
                )
            }
            json.array("servers", [origin]) { json, origin in json.object { $0.string("url", origin) } }
            json.object("paths") { json in
                for template in described.map(\.template).uniqued() {
                    json.object(key: template) { json in
                        for endpoint in described where endpoint.template == template {
                            json.object(key: endpoint.method.rawValue.lowercased()) { write(endpoint, to: &$0) }
                        }
                    }
                }
            }
            json.object("components") { writeComponents(described, to: &$0) }
        }
    }

    // MARK: One endpoint

    private static func write(_ endpoint: Endpoint, to json: inout JSONWriter) {
        json.string("operationId", endpoint.operationID)
        json.string("summary", endpoint.summary.description)
        if let explanation = endpoint.explanation { json.string("description", explanation.description) }
        json.array("tags", [endpoint.tag]) { $0.string($1) }
        if !endpoint.securitySchemes.isEmpty {
            json.array("security", endpoint.securitySchemes) { json, scheme in
                json.object { json in json.array(key: scheme) { _ in } }
            }
        }
        writeParameters(of: endpoint, to: &json)
        if let input = endpoint.input {
            json.object("requestBody") { json in
                json.object("content") { json in
                    json.object(key: "application/json") { json in json.object("schema") { input.write(to: &$0) } }
                }
            }
        }
        json.object("responses") { writeAnswers(of: endpoint, to: &$0) }
    }

    private static func writeParameters(of endpoint: Endpoint, to json: inout JSONWriter) {
        json.name("parameters")
        json.array { json in
            for (name, format) in zip(endpoint.pathParameters, endpoint.partFormats) {
                json.object { json in
                    json.string("name", name)
                    json.string("in", "path")
                    json.boolean("required", true)
                    json.object("schema") { json in
                        if format.description == "int64" {
                            Schema.id.write(to: &json)
                        } else {
                            Schema.string().write(to: &json)
                        }
                    }
                }
            }
            if endpoint.version != .never {
                json.object { json in
                    json.string("name", "If-Match")
                    json.string("in", "header")
                    json.boolean("required", endpoint.version == .always)
                    json.string("description", "The ETag of the version to change")
                    json.object("schema") { Schema.string().write(to: &$0) }
                }
            }
            if endpoint.takesIdempotencyKey {
                json.object { json in
                    json.string("name", "Idempotency-Key")
                    json.string("in", "header")
                    json.string(
                        "description",
                        "A repeat with the same key within 24 hours gets the response of the first request")
                    json.object("schema") { json in
                        json.string("type", "string")
                        json.integer("minLength", 1)
                        json.integer("maxLength", 200)
                        json.string("pattern", "^[ -~]+$")
                    }
                }
            }
            for parameter in endpoint.parameters {
                json.object { json in
                    json.string("name", parameter.name.description)
                    json.string("in", "query")
                    json.string("description", parameter.summary.description)
                    json.object("schema") { parameter.schema.write(to: &$0) }
                }
            }
        }
    }

    private static func writeAnswers(of endpoint: Endpoint, to json: inout JSONWriter) {
        switch endpoint.answer {
        case .json(let schema): write(200, "The response", "application/json", schema, to: &json)
        case .created(let schema):
            write(201, "Created; `Location` has its address", "application/json", schema, to: &json)
        case .events(let schema):
            write(200, "An endless stream of `status` events", "text/event-stream", schema, to: &json)
        case .html: write(200, "A page", "text/html", .string(), to: &json)
        case .file(let type): write(200, "A file", type.description, .string(), to: &json)
        case .redirect: json.object(key: "303") { $0.string("description", "Redirect") }
        case .empty: json.object(key: "204") { $0.string("description", "Done") }
        }
        // Sent by the HTTP library itself, without a problem document.
        for (status, description) in [(414, "The address is too long"), (431, "The header is too large")] {
            json.object(key: String(status)) { $0.string("description", description) }
        }
        for (status, description) in endpoint.failures {
            write(status, description, "application/problem+json", problem, to: &json)
        }
    }

    private static func write(
        _ status: Int, _ description: String, _ type: String, _ schema: Schema, to json: inout JSONWriter
    ) {
        json.object(key: String(status)) { json in
            json.string("description", description)
            json.object("content") { json in
                json.object(key: type) { json in json.object("schema") { schema.write(to: &$0) } }
            }
        }
    }

    // MARK: Shared descriptions

    private static let signature = """
        The id of an API key. Also required: Dashboard-Timestamp, the milliseconds since 1970, and Dashboard-Signature: \
        HMAC-SHA256 in hexadecimal, keyed with the key's secret, over four lines joined by line feeds: the timestamp, the \
        method, path and query as sent, and the SHA-256 of the body in hexadecimal.
        """

    static let problem = Schema.named(
        "Problem",
        .object([
            .field("type", .string()), .field("title", .string()), .field("status", .integer()),
            .field("detail", .string()), .field("instance", .string()), .field("requestId", .string()),
            .optional("inTheWay", .array(.object([.field("kind", .string()), .field("count", .integer())]))),
            .optional("currentVersion", .integer()),
            .optional(
                "errors", .array(.object([.field("pointer", .string()), .field("message", .string())]))),
        ]))

    private static func writeComponents(_ endpoints: [Endpoint], to json: inout JSONWriter) {
        var known: [(name: String, schema: Schema)] = []
        problem.collect(into: &known)
        for endpoint in endpoints {
            endpoint.input?.collect(into: &known)
            for parameter in endpoint.parameters { parameter.schema.collect(into: &known) }
            switch endpoint.answer {
            case .json(let schema), .created(let schema), .events(let schema): schema.collect(into: &known)
            case .html, .file, .redirect, .empty: break
            }
        }
        Schema.id.collect(into: &known)
        json.object("schemas") { json in
            for (name, schema) in known.sorted(by: { $0.name < $1.name }) {
                json.object(key: name) { schema.write(to: &$0) }
            }
        }
        json.object("securitySchemes") { json in
            json.object("bearer") { json in
                json.string("type", "http")
                json.string("scheme", "bearer")
                json.string("bearerFormat", "JWT")
            }
            json.object("signature") { json in
                json.string("type", "apiKey")
                json.string("in", "header")
                json.string("name", "Dashboard-Key")
                json.string("description", signature)
            }
            json.object("cookie") { json in
                json.string("type", "apiKey")
                json.string("in", "cookie")
                json.string("name", "dashboard_access")
            }
        }
    }
}

extension Endpoint {
    /// Only the API is described; pages and files are not.
    var isDescribed: Bool { kind == .api && !template.hasPrefix("/demo/") }

    var pathParameters: [String] { pieces.compactMap { if case .parameter(let name) = $0 { name } else { nil } } }

    var securitySchemes: [String] {
        switch access {
        case .anyone: []
        case .signedIn, .guild: ["bearer", "cookie"]
        case .key: ["signature"]
        }
    }

    /// For example `getGuildsGuildIdPosts`.
    var operationID: String {
        let words = template.split { !$0.isLetter && !$0.isNumber }.dropFirst(2)
        return method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    var tag: String {
        let segments = template.split(separator: "/")
        guard segments.count > 2 else { return "service" }
        return segments[2] == "guilds" && segments.count > 4 ? String(segments[4]) : String(segments[2])
    }

    /// The error statuses of the endpoint.
    var failures: [(Int, String)] {
        var list = [(400, "Malformed")]
        if access != .anyone || template.hasSuffix("/refresh") { list.append((401, "Not signed in")) }
        if case .key = access {
            list += [(403, "The key lacks the scope"), (404, "Another server than the key's, or not registered")]
        }
        if case .guild(let rule) = access {
            let refusal = rule.guestRefusal == nil ? "The level is too low" : "The level is too low, or a guest's"
            list += [(403, refusal), (404, "Unknown, or not visible")]
        }
        if access == .signedIn, !pathParameters.isEmpty { list.append((404, "Unknown, or not yours")) }
        if method != .get { list += [(403, "Sent by another site")].filter { new in !list.contains { $0.0 == new.0 } } }
        if mayConflict || input != nil || takesIdempotencyKey, case .guild = access {
            list.append((409, "Conflicts with the current state"))
        }
        if input != nil { list += [(413, "Too large"), (415, "Not JSON"), (422, "Invalid fields")] }
        if input == nil, takesIdempotencyKey { list.append((422, "The Idempotency-Key was used for another request")) }
        if version != .never { list.append((412, "Changed in the meantime")) }
        if version == .always { list.append((428, "If-Match is missing")) }
        if limit == .signIn || limit == .user && access != .anyone || template.hasSuffix("/refresh") {
            list.append((429, "Too many requests"))
        }
        return list + [(503, "The database is unreachable")]
    }
}

extension Sequence where Element: Hashable {
    /// Removes duplicates; keeps the first of each.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
