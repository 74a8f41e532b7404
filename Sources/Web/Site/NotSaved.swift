internal import Domain
internal import Formats
internal import HTTP

/// A submitted form that was rejected: its page, and the fields that may be shown again.
///
/// No input is lost: the error page shows it, and a script fills it into the form again.
struct SentForm: Sendable {
    /// The page of the form.
    let address: ReturnPath?
    /// The input, by the labels of the fields.
    let fields: [(label: String, text: String)]

    /// Nil if the request sends no form, or comes from another site, which must not place its text on our pages.
    init?(_ request: Request, origin: String) {
        guard request.method == .post, request.isSent(from: origin), let body = try? FormBody(request) else {
            return nil
        }
        let referrer = request.headers.text("referer") ?? ""
        address = referrer.hasPrefix(origin + "/") ? ReturnPath(referrer.dropFirst(origin.utf8.count)) : nil
        // Only fields known to be harmless. Webhook addresses are secrets, and new fields may be.
        fields = body.all.compactMap { field in
            field.value.isEmpty ? nil : Self.labels[field.name].map { ($0, field.value) }
        }
    }

    private static let labels: [String: String] = {
        var labels = [
            "brandId": "Brand", "scope-accounts": "May write accounts", "scope-posts": "May write posts",
            "scope-queue": "May write its queue", "userId": "Discord user ID", "level": "Level", "hours": "Hours",
        ]
        let typed = [
            AccountForms.platform, AccountForms.handle, AccountForms.group, AccountForms.displayName, AccountForms.url,
            AccountForms.status, AccountForms.notes, BrandForms.name,
        ]
        for field in typed { labels[field.name] = field.label }
        for setting in SettingsForm.plain { labels[setting.key] = setting.label }
        return labels
    }()
}

/// Why a form was rejected although its input may be valid.
enum NotSaved: Sendable {
    /// The session ended while the form was open.
    case signedOut
    /// Another session began meanwhile.
    case expired

    fileprivate var status: Int { self == .signedOut ? 401 : 403 }

    fileprivate var headline: String {
        self == .signedOut ? "You are not signed in" : "This form has expired"
    }

    fileprivate var advice: String {
        switch self {
        case .signedOut: "What you sent was not saved. Sign in, and try again."
        case .expired: "What you sent was not saved, because you signed in again since the page was opened."
        }
    }
}

extension Site {
    /// A page with a link back to the form.
    func notSaved(_ request: Request, _ reason: NotSaved, session: Session?) -> Response {
        let form = SentForm(request, origin: world.settings.origin)
        var response = Response.plainPage(
            reason.headline, Frame(world, request, session), status: reason.status, width: .narrow
        ) { html in
            html.div(.class("card sheet problem"), .flag("data-not-saved")) { html in
                html.h1(text: reason.headline)
                html.p(text: reason.advice)
                html.div(.class("actions")) { html in
                    switch reason {
                    case .signedOut:
                        html.button("Sign in", SignInPages.login(returningTo: form?.address, nil), .primary)
                    case .expired: html.button("Back to the page", Link(form?.address ?? .home), .primary)
                    }
                }
            }
            html.whatWasSent(form)
        }
        if reason == .signedOut { response.add("WWW-Authenticate", "Bearer") }
        return response
    }
}

extension HTML {
    mutating func whatWasSent(_ form: SentForm?) {
        guard let form, !form.fields.isEmpty else { return }
        bodyCard(CardTitle("sent", "What you sent")) { html in
            html.p(.class("small muted"), text: "If the form is empty when you return, copy it from here.")
            html.facts { html in
                for field in form.fields { html.fact(field.label) { $0.text(field.text) } }
            }
        }
    }
}
