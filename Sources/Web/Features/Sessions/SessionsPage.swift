internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The person's sessions, with buttons to end them.
enum SessionsPage {
    enum Change: String, CaseIterable, Sendable { case ended }

    static let change = QueryParameter<Change>.word("done", "The completed action")

    static let endpoints: [Endpoint] = [
        .signedIn(.get, PagePath.sessions, .page, "Your sessions", .html) { call, session in
            let list = try await Sessions.list(of: session.user, current: session.id, call.database)
            let frame = Frame(call)
            let done = try call.query(change)
            return .page(place, frame) { write(list, current: session.id, done, frame, to: &$0) }
        }.takes([change.description]),
        .signedIn(.post, PagePath.endSession, .page, "End one of your sessions", .redirect()) { call, session, id in
            try await SessionEndpoints.end(id, call, session)
            if id == session.id { return signedOut(call, .left) }
            return .seeOther(PagePath.sessions.link().asking([("done", Change.ended.rawValue)]))
        },
        .signedIn(.post, PagePath.endSessions, .page, "End all your sessions", .redirect()) { call, session in
            try await SessionEndpoints.endAll(call, session)
            return signedOut(call, .leftEverywhere)
        },
    ]

    private static let place = PagePlace(
        title: "Sessions", section: .profile, crumbs: [Crumb(label: ProfilePage.title, link: PagePath.profile.link())])

    private static func signedOut(_ call: Call, _ occasion: SignInPages.Occasion) -> Response {
        var response = Response.seeOther(SignInPages.login(returningTo: nil, occasion))
        SignInEndpoints.clear(call, &response)
        return response
    }

    static func write(
        _ list: [LiveSession], current: SessionID, _ done: Change?, _ frame: Frame, to html: inout HTML
    ) {
        html.pageHeader(
            "Sessions", lead: { $0.text("Where you are signed in. Sessions expire after 30 days.") },
            count: NumberText.grouped(list.count))
        if done == .ended {
            html.notice(.good) { html in
                html.strong(text: "Signed out of that session.")
                html.text(" That browser or program is signed out now.")
            }
        }
        html.listCard { html in
            html.listTable("Sessions", columns) { html in
                for entry in list { html.sessionRow(entry, isCurrent: entry.id == current, frame) }
            }
        }
        html.bodyCard(CardTitle("everywhere", "Sign out everywhere")) { html in html.endAll(list.count, frame) }
    }

    private static let columns = [
        Column("Device"), Column("IP address"), Column("Signed in", "num"), Column("Last active", "num"),
        Column("Actions", "num", isHidden: true),
    ]
}

extension HTML {
    fileprivate mutating func sessionRow(_ entry: LiveSession, isCurrent: Bool, _ frame: Frame) {
        let device = DeviceName.describe(entry.userAgent)
        tr { html in
            html.rowHeading { html in
                html.strong { $0.name(device) }
                guard isCurrent else { return }
                html.text(" ")
                html.badge(.good, "Current")
            }
            html.cell("IP address", "full") { html in
                html.span(.class("mono"), text: entry.maskedAddress ?? "unknown")
            }
            html.cell("Signed in", "num") { $0.time(entry.created, frame.clock) }
            html.cell("Last active", "num") { $0.time(entry.lastActive, frame.clock) }
            html.cell("", "num bare") { html in
                html.postButton(
                    "Sign out", PagePath.endSession.link(entry.id), frame, "button small danger", about: device)
            }
        }
    }

    /// A disclosure hides the button, as a confirmation without script.
    fileprivate mutating func endAll(_ count: Int, _ frame: Frame) {
        p(
            text: """
                Ends all sessions at once, this one too: in every browser and program that is signed in as you. It \
                also revokes this site's access to your Discord account. Do this if you lost a device, or see a \
                session that you don't recognise.
                """)
        disclosure("Sign out everywhere …") { html in
            html.p(text: "\(CountText.text(count, "session")) will end. You will have to sign in again.")
            html.postButton("Yes, sign out everywhere", PagePath.endSessions.link(), frame, "button danger")
        }
    }
}
