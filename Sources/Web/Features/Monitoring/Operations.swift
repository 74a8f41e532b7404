internal import Domain
internal import Formats
internal import HTTP

/// A file name in a path: letters, digits, `-`, `_` and dots.
struct FileName: PathPart {
    let description: String
    static var format: StaticString { "" }

    init?(_ segment: Substring) {
        guard !segment.isEmpty, segment.utf8.count <= 100,
            segment.utf8.allSatisfy({ $0.isASCIILetter || $0.isDigit || $0 == 45 || $0 == 46 || $0 == 95 })
        else { return nil }
        description = String(segment)
    }
}

/// Endpoints for machines: liveness, readiness, metrics, and the static files of the pages.
enum Operations {
    static let health: Path<> = Path("/healthz")
    static let assets = Path<FileName, FileName>("/assets/{fingerprint}/{name}")

    static let endpoints: [Endpoint] = [
        .open(
            .get, health, .operation, "Liveness check",
            .json(.named("Health", .object([.field("status", .string())])))
        ) { _ in
            Response.text(200, "application/json", Bytes(#"{"status":"ok"}"#))
        }.uncounted(),
        ReadinessEndpoint.endpoint, MetricsEndpoint.endpoint,
        .open(.get, assets, .asset, "A stylesheet, script or image", .file("*/*")) { call, fingerprint, name in
            guard
                let response = call.world.assets.response(
                    fingerprint: fingerprint.description[...], name: name.description[...])
            else { throw Rejection.notFound }
            return response
        }.uncounted(),
    ]
}
