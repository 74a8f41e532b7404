internal import Domain
internal import Formats
internal import HTTP

/// The readiness check for load balancers.
enum ReadinessEndpoint {
    static let path: Path<> = Path("/readyz")

    private static let verbose = QueryParameter<String>.text(
        "verbose", maximum: 10, "Any value: shows the parts as well")

    static let schema = Schema.named(
        "Readiness",
        .object([
            .field("status", .named("ReadinessStatus", .oneOf(["ready", "unavailable"]))),
            .optional("parts", .array(part)),
        ]))

    private static let part = Schema.named(
        "ReadinessPart",
        .object([
            .field("name", .string()), .field("status", .named("PartStatus", .oneOf(["good", "bad"]))),
            .field("text", .string()),
        ]))

    static let endpoint = Endpoint.open(
        .get, path, .operation, "Readiness check", .json(schema)
    ) { call in
        let parts = await call.world.readiness.parts(call.world, call.database)
        return answer(parts, isVerbose: call.fields.contains { $0.name == verbose.name.description })
    }.takes([verbose.description]).uncounted()

    private static func answer(_ parts: [ServiceReadiness.Part], isVerbose: Bool) -> Response {
        let isReady = parts.allSatisfy(\.isGood)
        var json = JSONWriter()
        json.object { json in
            json.string("status", isReady ? "ready" : "unavailable")
            guard isVerbose else { return }
            json.array("parts", parts) { json, part in
                json.object { json in
                    json.string("name", part.name.description)
                    json.string("status", part.isGood ? "good" : "bad")
                    json.string("text", part.text.description)
                }
            }
        }
        var response = Response.text(isReady ? 200 : 503, "application/json", json.finish())
        if !isReady { response.add("Retry-After", "5") }
        return response
    }
}
