internal import Formats

/// A header of responses that the API's description names.
struct ResponseHeader: Sendable {
    let name: StaticString
    let summary: String
    let schema: Schema
    var isRequired = false

    static let all: [ResponseHeader] = [
        .init(name: "Allow", summary: "The methods that the address has", schema: .string()),
        .init(name: "ETag", summary: "The version, for `If-Match`", schema: .string()),
        .init(
            name: "Idempotency-Replayed", summary: "The response to the first request with this Idempotency-Key",
            schema: .oneOf(["true"])),
        .init(
            name: "Location", summary: "The address to go to, or of the created object",
            schema: .string(format: "uri-reference")),
        .init(name: "RateLimit", summary: "The state of each limit that counts the request", schema: .string()),
        .init(name: "RateLimit-Policy", summary: "The limits that count the request", schema: .string()),
        .init(name: "Retry-After", summary: "Seconds to wait before the next attempt", schema: .integer(1...Int.max)),
        .init(name: "WWW-Authenticate", summary: "The way to authenticate", schema: .string()),
        .init(name: "X-Request-Id", summary: "Also in the service's log", schema: .string(), isRequired: true),
    ]

    func write(to json: inout JSONWriter) {
        json.object(name) { json in
            json.string("description", summary)
            if isRequired { json.boolean("required", true) }
            json.object("schema") { schema.write(to: &$0) }
        }
    }
}

extension Endpoint {
    /// The names of the headers that a response with this status may have; nil stands for a status that is not listed.
    func headers(of status: Int?) -> [StaticString] {
        var names: [StaticString] = ["X-Request-Id"]
        let isSuccess = status.map { $0 < 300 } ?? false
        if status == nil { names.append("Allow") }
        if isVersioned && isSuccess || status == 412 { names.append("ETag") }
        if status == 201 || status == 302 || status == 303 { names.append("Location") }
        if status == 401 { names.append("WWW-Authenticate") }
        if status == 429 || status == 503 || status == nil { names.append("Retry-After") }
        if takesIdempotencyKey, isSuccess { names.append("Idempotency-Replayed") }
        if status == 429 || isCounted { names += ["RateLimit", "RateLimit-Policy"] }
        return names
    }

    private var isCounted: Bool { limit == .signIn || limit == .user && access != .anyone }
}
