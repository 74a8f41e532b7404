internal import Domain
internal import Formats
internal import HTTP

/// Metrics for Prometheus.
enum MetricsEndpoint {
    static let path: Path<> = Path("/metrics")

    static let endpoint = Endpoint.open(
        .get, path, .operation, "Metrics for Prometheus", .file("text/plain")
    ) { call in
        try admit(call.request, tokenHash: call.world.settings.metricsTokenHash)
        guard let reading = await call.world.metrics.read() else { throw Rejection.fault }
        return .text(200, MetricsWriter.mediaType, MetricsReport(reading, call).text())
    }.uncounted().fails([(401, "The token is not METRICS_TOKEN"), (403, "Not from this machine")])

    /// With a configured token, requires it.
    ///
    /// Without one, only a program on this machine is accepted: no proxy headers, and a local host name, because
    /// another site could resolve its name to this machine and make a browser fetch the metrics (DNS rebinding).
    ///
    /// - Throws: `unauthenticated`, `forbidden`.
    private static func admit(_ request: Request, tokenHash: [UInt8]?) throws(Rejection) {
        if let tokenHash {
            guard let header = request.headers.only("authorization"), header.count > 7,
                String(decoding: header.prefix(7), as: UTF8.self).lowercased() == "bearer ",
                Crypto.areEqual(Crypto.sha256(header.dropFirst(7)), tokenHash)
            else { throw .unauthenticated }
            return
        }
        let isForwarded = ["x-forwarded-for", "forwarded", "x-real-ip", "via"].contains { name in
            request.headers.contains(name)
        }
        guard request.peer.isLoopback, !isForwarded, isOfThisMachine(request.headers) else {
            throw .forbidden(
                "Metrics are for programs on this machine that ask for localhost or 127.0.0.1, unless METRICS_TOKEN is set."
            )
        }
    }

    /// Browsers always send a host.
    private static func isOfThisMachine(_ headers: HeaderFields) -> Bool {
        guard headers.contains("host") else { return true }
        guard let text = headers.text("host") else { return false }
        var host = text.lowercased()[...]
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard host[host.index(after: colon)...].utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return host == "localhost" || IPAddress(host)?.isLoopback == true
    }
}
