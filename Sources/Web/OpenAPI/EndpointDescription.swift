internal import Domain
internal import Formats
internal import HTTP

/// One endpoint in the API's description.
extension Endpoint {
    /// The API, the sign-in and the operations; pages and files are not described.
    var isDescribed: Bool {
        switch kind {
        case .api: !template.hasPrefix("/demo/")
        case .operation: true
        case .page: template.hasPrefix("/api/")
        case .asset: false
        }
    }

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
        let path = template.hasPrefix("/api/v1/") ? template.dropFirst("/api/v1/".count) : template[...]
        let words = path.split { !$0.isLetter && !$0.isNumber }
        return method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    var tag: String {
        let segments = template.split(separator: "/")
        guard segments.count > 2 else { return "service" }
        return segments[2] == "guilds" && segments.count > 4 ? String(segments[4]) : String(segments[2])
    }

    /// The schemas of the endpoint's parameters, body and responses.
    var schemas: [Schema] {
        var schemas = parameters.map(\.schema)
        if let input { schemas.append(input) }
        if let answerAsJSON { schemas.append(answerAsJSON) }
        switch answer {
        case .json(let schema), .created(let schema), .events(let schema): schemas.append(schema)
        case .html, .file, .redirect, .empty: break
        }
        return schemas
    }

    func describe(in json: inout JSONWriter) {
        json.string("operationId", operationID)
        json.string("summary", summary.description)
        if let explanation { json.string("description", explanation.description) }
        json.array("tags", [tag]) { $0.string($1) }
        if !securitySchemes.isEmpty {
            json.array("security", securitySchemes) { json, scheme in
                json.object { json in json.array(key: scheme) { _ in } }
            }
        }
        json.name("parameters")
        json.array { describeParameters(in: &$0) }
        if let input {
            json.object("requestBody") { json in
                json.boolean("required", !isInputOptional)
                json.object("content") { json in
                    json.object(key: "application/json") { json in json.object("schema") { input.write(to: &$0) } }
                }
            }
        }
        json.object("responses") { describeResponses(in: &$0) }
    }

    // MARK: Parameters

    private func describeParameters(in json: inout JSONWriter) {
        for (name, format) in zip(pathParameters, partFormats) {
            let schema = format.isSame(as: "int64") ? Schema.id : .string()
            Self.parameter(name, in: "path", isRequired: true, nil, schema, to: &json)
        }
        if version != .never {
            Self.parameter(
                "If-Match", in: "header", isRequired: version == .always, "The ETag of the version to change",
                .string(), to: &json)
        }
        if takesIdempotencyKey {
            Self.parameter(
                "Idempotency-Key", in: "header",
                "A repeat with the same key within 24 hours gets the response of the first request; printable ASCII",
                .text(minimum: 1, maximum: 200), to: &json)
        }
        for parameter in parameters {
            Self.parameter(
                parameter.name.description, in: "query", parameter.summary.description, parameter.schema, to: &json)
        }
    }

    private static func parameter(
        _ name: String, in place: String, isRequired: Bool = false, _ summary: String?, _ schema: Schema,
        to json: inout JSONWriter
    ) {
        json.object { json in
            json.string("name", name)
            json.string("in", place)
            if isRequired { json.boolean("required", true) }
            if let summary { json.string("description", summary) }
            json.object("schema") { schema.write(to: &$0) }
        }
    }

    // MARK: Responses

    private func describeResponses(in json: inout JSONWriter) {
        if let answerAsJSON {
            response(200, "If `Accept` asks for JSON", ["application/json": answerAsJSON], to: &json)
        }
        switch answer {
        case .json(let schema): response(200, "The response", ["application/json": schema], to: &json)
        case .created(let schema):
            response(201, "Created; `Location` has its address", ["application/json": schema], to: &json)
        case .events(let schema):
            response(
                200, "An endless stream of `status` events, and of `tracking` events without data",
                ["text/event-stream": schema], to: &json)
        case .html: response(200, "A page", ["text/html": .string()], to: &json)
        case .file(let type): response(200, "A file", [type.description: .string()], to: &json)
        case .redirect(let status): response(status, "Redirect", [:], to: &json)
        case .empty: response(204, "Done", [:], to: &json)
        }
        for (status, description) in failures {
            response(status, description, contents(of: status), to: &json)
        }
        response(
            nil, "Another error: 405, 408, 413, 500 or 501", ["application/problem+json": OpenAPI.problem], to: &json)
    }

    private func contents(of status: Int) -> [String: Schema] {
        var contents = ["application/problem+json": OpenAPI.problem]
        if kind == .page { contents["text/html"] = .string() }
        if status == 503, kind == .operation, case .json(let schema) = answer { contents["application/json"] = schema }
        return contents
    }

    private func response(
        _ status: Int?, _ description: String, _ contents: [String: Schema], to json: inout JSONWriter
    ) {
        json.object(key: status.map(String.init) ?? "default") { json in
            json.string("description", description)
            json.object("headers") { json in
                for name in headers(of: status) {
                    json.object(name) { $0.string("$ref", "#/components/headers/\(name)") }
                }
            }
            guard !contents.isEmpty else { return }
            json.object("content") { json in
                for (type, schema) in contents.sorted(by: { $0.key < $1.key }) {
                    json.object(key: type) { json in json.object("schema") { schema.write(to: &$0) } }
                }
            }
        }
    }
}
