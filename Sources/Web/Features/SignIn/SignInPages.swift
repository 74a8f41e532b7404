internal import Domain
internal import Formats
internal import HTTP

/// The pages before sign-in.
enum SignInPages {
    /// The reason why the sign-in page is shown.
    enum Occasion: String, CaseIterable, Sendable {
        /// The session expired, or was ended on another device.
        case ended
        /// The person signed out.
        case left
        /// The person signed out everywhere.
        case leftEverywhere = "everywhere"
    }

    static let occasion = QueryParameter<Occasion>.word("reason", "The reason for the page")

    static let endpoints: [Endpoint] = [
        .open(.get, PagePath.login, .page, "Sign-in page", .html) { try login($0) }
            .takes([SignInEndpoints.returnTo.description, occasion.description]),
        .open(.post, PagePath.logout, .page, "Sign out", .redirect()) { call in
            var response = Response.seeOther(login(returningTo: nil, .left))
            guard let session = call.session else { return response }
            try await SignInEndpoints.signOut(call, session)
            SignInEndpoints.clear(call, &response)
            return response
        }.uncounted(),
    ]

    static func login(returningTo path: ReturnPath?, _ occasion: Occasion?) -> Link {
        let path = path == .home ? nil : path
        return PagePath.login.link().asking([("returnTo", path?.description), ("reason", occasion?.rawValue)])
    }

    static func login(returningTo path: ReturnPath?, isStale: Bool) -> Link {
        login(returningTo: path, isStale ? .ended : nil)
    }

    private static func login(_ call: Call) throws(Rejection) -> Response {
        let path = try call.query(SignInEndpoints.returnTo) ?? .home
        if call.session != nil { return .seeOther(Link(path)) }
        let settings = call.world.settings
        guard settings.application != nil else { return SetupPage.response(call) }
        let occasion = try call.query(occasion)
        return .plainPage("Sign in", Frame(call), width: .narrow, current: .login) { html in
            html.signInNotice(occasion, isDemo: settings.isDemo)
            html.signInSheet(returningTo: path, isDemo: settings.isDemo)
        }
    }

    static func failure(_ failure: SignInFailure, _ call: Call) -> Response {
        .plainPage(failure.title.description, Frame(call), status: failure.status, width: .narrow) { html in
            html.div(.class("card sheet problem")) { html in
                html.h1(text: failure.title.description)
                html.p(text: failure.detail.description)
                html.div(.class("actions")) { html in
                    if failure.canRetry { html.button("Try again", SignInEndpoints.begin.link(), .primary) }
                    html.button("Back to the sign-in page", PagePath.login.link())
                    if failure == .discordAway {
                        html.button("Discord’s own status", OutsideLink(fixed: "https://discordstatus.com"))
                    }
                }
                html.requestNumber(call.request.id)
            }
            if failure == .otherBrowser { html.addresses(SignInAddresses(call)) }
            if failure == .wrongApplication { html.redirectCard(call.world.settings.redirectAddress) }
        }
    }
}

extension HTML {
    fileprivate mutating func signInNotice(_ occasion: SignInPages.Occasion?, isDemo: Bool) {
        switch occasion {
        case .ended:
            notice(nil, icon: .clock) { html in
                html.strong(text: "You have been signed out.")
                html.text(
                    """
                     The session ended after 30 days, or it was ended from another device. After signing in you are \
                    back on the page that you came from.
                    """)
            }
        case .left:
            notice(.good) { html in
                html.strong(text: "You are signed out.")
                html.text(" This session has ended in this browser. You stay signed in on other devices.")
            }
        case .leftEverywhere:
            notice(.good) { html in
                html.strong(text: "You are signed out everywhere.")
                html.text(" All your sessions have ended, in this browser and on every other device.")
            }
        case nil: break
        }
        guard isDemo else { return }
        notice(.warn) { html in
            html.strong(text: "This is a demo.")
            html.text(
                " No Discord account is needed: you choose one of a few made-up people, and sample data is shown.")
        }
    }

    fileprivate mutating func signInSheet(returningTo path: ReturnPath, isDemo: Bool) {
        div(.class("card sheet")) { html in
            html.h1(text: "Sign in")
            html.p(
                text: """
                    See what your tracking bot collects: accounts, posts, results, and whether the bot is alive.
                    """)
            let begin = SignInEndpoints.begin.link().asking([("returnTo", path == .home ? nil : path.description)])
            html.p { $0.button("Sign in with Discord", begin, .big) }
            if !isDemo { html.whatIsRead() }
            html.markup(
                """
                <p class="small muted">By signing in you agree to the <a href="/terms">terms</a>; the \
                <a href="/privacy">privacy page</a> says what is stored.</p>
                """)
        }
    }

    private mutating func whatIsRead() {
        disclosure("What is read from Discord?") { html in
            html.markup(
                """
                <ul class="prose small"><li>your name, picture and verified e-mail address</li>\
                <li>the list of your servers and what you may do there</li></ul>\
                <p class="small muted">Nothing is ever posted in your name, and messages are not read.</p>
                """)
        }
    }
}
