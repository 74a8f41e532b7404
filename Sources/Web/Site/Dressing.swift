internal import Domain

extension Site {
    /// Adds what every answer carries, whatever its status, and writes the log line.
    func dress(_ response: Response, _ request: Request, _ visit: Visit?) -> Response {
        var response = response
        response.add("X-Request-Id", text: request.id)
        addSecurityHeaders(&response, isPage: visit?.endpoint.kind ?? .page == .page)
        if !response.headers.contains(where: { $0.name.isSame(as: "Cache-Control") }) {
            response.add("Cache-Control", "no-store")
        }
        addCrossOriginHeaders(&response, request)
        visit?.quotas.describe(in: &response)
        log(request, response, visit)
        return response
    }

    private func addSecurityHeaders(_ response: inout Response, isPage: Bool) {
        if isPage {
            response.add(
                "Content-Security-Policy",
                """
                default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https://cdn.discordapp.com; \
                connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
                """)
            response.add(
                "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
            )
        } else {
            response.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        }
        response.add("X-Content-Type-Options", "nosniff")
        response.add("Referrer-Policy", "same-origin")
        response.add("Cross-Origin-Opener-Policy", "same-origin")
        response.add("Cross-Origin-Resource-Policy", "same-origin")
        if world.settings.isSecure {
            response.add("Strict-Transport-Security", "max-age=31536000")
        }
    }

    private func log(_ request: Request, _ response: Response, _ visit: Visit?) {
        let microseconds = Int64(request.received.duration(to: .now) / .microseconds(1))
        meter.requests.count(endpoint: visit?.index, status: response.status, microseconds: microseconds)
        world.log.request(
            id: request.id, method: request.sentMethod,
            route: visit?.endpoint.template ?? "none", status: response.status,
            microseconds: microseconds, client: request.client, user: visit?.identity.session?.user.number,
            trace: TraceParent(request.headers))
    }
}

extension StaticString {
    func isSame(as other: StaticString) -> Bool {
        unsafe utf8Start == other.utf8Start || description == other.description
    }
}
