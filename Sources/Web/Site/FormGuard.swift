internal import Domain
internal import Formats
internal import HTTP

extension Request {
    /// Whether a browser that says where a request came from says that it is that origin.
    func isSent(from origin: String) -> Bool {
        if let site = headers.text("sec-fetch-site"), site != "same-origin", site != "none" { return false }
        return headers.text("origin").map { $0 == origin } ?? true
    }

    /// Whether a page of another site asked for it as a part of itself, as for an image, and leads nobody here.
    ///
    /// Ten of them in a page would use up the sign-ins of its reader's network.
    var isEmbedded: Bool {
        guard let site = headers.text("sec-fetch-site"), site != "same-origin", site != "none" else { return false }
        return headers.text("sec-fetch-dest") != "document"
    }
}

extension Site {
    /// A browser sends its cookies along with other sites' forms too: whatever changes something must show that this
    /// site sent it.
    ///
    /// - Throws: `forbidden` for a request of a site that is neither this one nor listed, `formExpired` for one without the
    ///   page's token.
    func guardForm(_ visit: Visit) throws(Rejection) {
        let request = visit.request
        if visit.endpoint.hasEffect, request.isEmbedded {
            throw .forbidden("This request came from within a page of another site.")
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
