internal import Formats
internal import HTTP

extension Site {
    /// Redirects pages to the host of the configured origin.
    ///
    /// On a local machine the service has several names, and cookies of one are not sent to another; Discord redirects
    /// to the origin. Other hosts are left alone, since a proxy may hide the real one.
    func moveToCanonicalHost(_ request: Request) -> Response? {
        let origin = world.settings.origin
        guard request.method == .get, let host = request.headers.text("host"), origin.hasPrefix("http://"),
            origin.dropFirst(7) != host, Self.isLoopback(host), Self.isLoopback(String(origin.dropFirst(7))),
            // Another port belongs to a tunnel, and only works under that name.
            host.split(separator: ":").last == origin.split(separator: ":").last
        else { return nil }
        var response = Response(status: 307)
        response.add("Location", text: origin + request.address)
        return response
    }

    private static func isLoopback(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { host == $0 || host.hasPrefix($0 + ":") }
    }
}
