internal import Domain
internal import Formats
internal import HTTP

extension Request {
    /// True if the request comes from this origin, or the browser does not tell.
    func isSent(from origin: String) -> Bool {
        if let site = headers.text("sec-fetch-site"), site != "same-origin", site != "none" { return false }
        return headers.text("origin").map { $0 == origin } ?? true
    }

    /// True if a page of another site embeds this address, for example as an image.
    ///
    /// Ten such images would use up the sign-in limit of the reader's network.
    var isEmbedded: Bool {
        guard let site = headers.text("sec-fetch-site"), site != "same-origin", site != "none" else { return false }
        return headers.text("sec-fetch-dest") != "document"
    }
}

extension Site {
    /// Protects against cross-site request forgery.
    ///
    /// A browser also sends cookies with forms of other sites, so a request with an effect must prove that this site
    /// sent it.
    ///
    /// - Throws: `forbidden` if the origin is neither this site nor listed, `formExpired` if the page's token is
    ///   missing or invalid.
    func guardForm(_ visit: Visit) throws(Rejection) {
        let request = visit.request
        if visit.endpoint.hasEffect, request.isEmbedded {
            throw .forbidden("This request was embedded in a page of another site.")
        }
        guard request.method != .get, request.method != .options, visit.endpoint.access.isOfPeople else { return }
        if visit.identity.session?.credential == .bearer { return }
        try requireOwnOrigin(request)
        guard let session = visit.identity.session else { return }
        guard let token = token(in: request), FormToken.isValid(token, for: session.id, keys: world.keys) else {
            throw .formExpired
        }
    }

    private func requireOwnOrigin(_ request: Request) throws(Rejection) {
        if request.path.hasPrefix("/api/"), listedOrigin(of: request) != nil { return }
        guard request.isSent(from: world.settings.origin) else {
            throw .forbidden("This request came from another site.")
        }
    }

    private func token(in request: Request) -> String? {
        if let header = request.headers.text(FormToken.header) { return header }
        guard let fields = try? FormBody(request) else { return nil }
        return fields[FormToken.field]
    }
}
