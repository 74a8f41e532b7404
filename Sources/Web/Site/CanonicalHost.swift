internal import Formats
internal import HTTP

extension Site {
    /// On one's own machine the service has several names, and cookies of one are not sent to another: pages move to
    /// the one that the sign-in comes back to.
    ///
    /// Other hosts are left alone, since a proxy may well hide the real one.
    func moveToCanonicalHost(_ request: Request) -> Response? {
        let origin = world.settings.origin
        guard request.method == .get, let host = request.headers.text("host"), origin.hasPrefix("http://"),
            origin.dropFirst(7) != host, Self.isLoopback(host), Self.isLoopback(String(origin.dropFirst(7))),
            // Another port is a tunnel's, and leads here only by that name.
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
