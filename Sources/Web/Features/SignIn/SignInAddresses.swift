internal import Domain
internal import Formats
internal import HTTP

/// The configured address, and the address of this request.
///
/// If they differ, or the page was opened without `https`, the browser does not send the sign-in cookie, and every
/// sign-in fails.
struct SignInAddresses {
    /// The value of `DASHBOARD_URL`.
    let own: String
    /// The request's host, truncated, with question marks for other characters than ASCII.
    let asked: String
    let areSame: Bool

    init(_ call: Call) {
        own = call.world.settings.origin
        let host = call.request.headers.text("host") ?? "–"
        asked = String(decoding: host.utf8.prefix(100).map { (0x21..<0x7f).contains($0) ? $0 : 0x3f }, as: UTF8.self)
        areSame = own == "https://" + host.lowercased() || own == "http://" + host.lowercased()
    }
}

extension HTML {
    mutating func addresses(_ addresses: SignInAddresses) {
        bodyCard(CardTitle("addresses", "If this happens again and again")) { html in
            html.facts { html in
                html.fact("This dashboard’s address") { $0.code(text: addresses.own) }
                html.fact("This page was asked for at") { $0.code(text: addresses.asked) }
            }
            html.p { html in
                if !addresses.areSame { html.strong(text: "These two differ. ") }
                html.text("Open the dashboard’s address exactly as it is here, and sign in there. ")
                html.text("Under another name, or with http for https, your browser does not recognise the sign-in.")
            }
            html.p(.class("small muted")) { html in
                html.text("For the operator: ")
                html.code(text: "DASHBOARD_URL")
                html.text(" must be the address that people open, and a proxy must pass the ")
                html.code(text: "Host")
                html.text(" header on.")
            }
        }
    }
}
