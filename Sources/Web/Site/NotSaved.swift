internal import Domain

/// Why a form that was sent was not taken, though nothing may be wrong with what is in it.
enum NotSaved: Sendable {
    /// The session ended while the form was open.
    case signedOut
    /// Another session began since.
    case expired

    fileprivate var status: Int { self == .signedOut ? 401 : 403 }

    fileprivate var headline: String {
        self == .signedOut ? "You are not signed in" : "This form has expired"
    }

    fileprivate var advice: String {
        switch self {
        case .signedOut: "What you sent was not saved. Sign in, and you are back at the form."
        case .expired: "What you sent was not saved: since the form was opened, you signed in anew."
        }
    }
}

extension Site {
    /// A page that shows what was sent and leads back to the form.
    ///
    /// Where scripts run, they fill the form in again.
    func notSaved(_ request: Request, _ reason: NotSaved, session: Session?) -> Response {
        let form = formAddress(request)
        let sent = (try? FormBody(request))?.all.filter(\.isTyped) ?? []
        var response = Response.plainPage(
            reason.headline, Frame(world, request, session), status: reason.status, width: .narrow
        ) { html in
            html.div(.class("card sheet problem"), .flag("data-not-saved")) { html in
                html.h1(text: reason.headline)
                html.p(text: reason.advice)
                html.div(.class("actions")) { html in
                    switch reason {
                    case .signedOut: html.button("Sign in", SignInPages.login(returningTo: form, nil), .primary)
                    case .expired: html.button("Back to the form", Link(form ?? .home), .primary)
                    }
                }
            }
            if !sent.isEmpty { html.whatWasSent(sent) }
        }
        if reason == .signedOut { response.add("WWW-Authenticate", "Bearer") }
        return response
    }

    /// The page that the form was on.
    private func formAddress(_ request: Request) -> ReturnPath? {
        let origin = world.settings.origin
        guard let referrer = request.headers.text("referer"), referrer.hasPrefix(origin + "/") else { return nil }
        return ReturnPath(referrer.dropFirst(origin.utf8.count))
    }
}

extension FormFields.Field {
    /// Whether a person may have written it.
    fileprivate var isTyped: Bool {
        !value.isEmpty && !name.hasPrefix("_") && !name.hasPrefix(SettingsForm.basePrefix)
            && !["version", "returnTo"].contains(name)
    }
}

extension HTML {
    fileprivate mutating func whatWasSent(_ fields: [FormFields.Field]) {
        bodyCard(CardTitle("sent", "What you sent")) { html in
            html.p(.class("small muted"), text: "If it is not in the form when you are back, copy it from here.")
            html.facts { html in
                for field in fields { html.fact(field.name) { $0.text(field.value) } }
            }
        }
    }
}
