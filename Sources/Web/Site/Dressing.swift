internal import Domain
internal import Formats
internal import HTTP

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
        if !mayCompress(response, request, visit) { response.isCompressible = false }
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

    /// Whether the size of the compressed answer can tell another site nothing.
    ///
    /// A site that leads a person's browser here with a guess in the address could watch on the line how well the answer,
    /// in which the guess is repeated, compresses with the personal data beside it (BREACH). So what another site began is
    /// sent as it is. A browser that does not say who began it gets compressed answers to addresses without text of
    /// others' choice: those without a query that lead somewhere. Form tokens differ in all their bytes with each page.
    private func mayCompress(_ response: Response, _ request: Request, _ visit: Visit?) -> Bool {
        guard request.headers.contains("cookie"), visit?.endpoint.kind != .asset else { return true }
        guard request.headers.contains("sec-fetch-site") else { return response.status == 200 && request.query.isEmpty }
        let site = request.headers.text("sec-fetch-site")
        return site == "same-origin" || site == "none"
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
