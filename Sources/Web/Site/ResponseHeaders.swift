internal import Domain
internal import Formats
internal import HTTP

extension Site {
    /// Adds the headers that every response carries, and writes the log line.
    func finish(_ response: Response, _ request: Request, _ visit: Visit?) -> Response {
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

    /// True if the compressed size leaks nothing to another site.
    ///
    /// Another site can send a person's browser here with a guess in the address. If the response repeats the guess,
    /// its compressed size shows whether the guess matches personal data beside it (BREACH). So responses to requests
    /// that another site started are not compressed. If the browser does not say who started the request, only
    /// successful responses to addresses without a query are compressed. Form tokens differ in all their bytes on each
    /// page.
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
