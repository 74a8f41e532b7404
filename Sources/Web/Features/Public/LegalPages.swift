internal import Domain
internal import Formats
internal import HTTP

/// Terms and privacy: the functions and stored data of this software, in the operator's name.
enum LegalPages {
    static func terms(_ call: Call) -> Response {
        .plainPage("Terms of use", Frame(call), width: .text) { html in
            html.pageHeader("Terms of use", lead: { $0.text("What you may expect, and what is expected of you.") })
            html.div(.class("prose")) { html in
                html.h2(text: "Who runs this")
                html.p { html in
                    html.text("This dashboard is run by ")
                    html.operatorName(call.world.settings)
                    html.text(".")
                    html.contact(call.world.settings)
                }
                html.termsText()
            }
        }
    }

    static func privacy(_ call: Call) -> Response {
        .plainPage("Privacy", Frame(call), width: .text) { html in
            html.pageHeader("Privacy", lead: { $0.text("What this installation stores, why, and for how long.") })
            html.div(.class("prose")) { html in
                html.storedText()
                html.h2(text: "Getting it deleted")
                html.p { html in
                    html.text("Write to ")
                    html.operatorName(call.world.settings)
                    html.text(".")
                    html.contact(call.world.settings)
                    html.text(
                        """
                         It is done within 30 days; entries of the append-only logs stay. Signing out ends a session \
                        at once; taking this application’s access away in Discord’s settings keeps it from reading \
                        anything more.
                        """)
                }
            }
        }
    }
}

extension HTML {
    fileprivate mutating func operatorName(_ settings: SiteSettings) { strong { $0.name(settings.operatorName) } }

    fileprivate mutating func contact(_ settings: SiteSettings) {
        let contact = settings.operatorContact
        guard !contact.isEmpty else { return }
        text(" Contact: ")
        if let link = OutsideLink(contact) {
            a(.href(link), .fixed("rel", "noreferrer"), text: contact)
        } else {
            name(contact)
        }
        text(".")
    }

    fileprivate mutating func termsText() {
        markup(
            """
            <h2>What it is</h2>\
            <p>It shows admins of Discord servers what a tracking bot collects about public social media accounts. It \
            is offered as it is; numbers come from other platforms and can be late or wrong.</p>\
            <h2>What you may do</h2>\
            <ul><li>Look at the data of servers where Discord says that you may, or where an admin lets you for a \
            while, and change it where you are an admin.</li>\
            <li>Use the API as yourself, within its limits.</li>\
            <li>Keep what you see, with the rights of the creators in mind.</li></ul>\
            <h2>What you may not do</h2>\
            <p>Try to see the data of other servers, overload the service, or track people who asked not to be \
            tracked.</p>\
            <h2>Ending</h2>\
            <p>You can stop at any time: sign out, and take this application’s access away in Discord’s settings. The \
            operator may end access when these terms are broken.</p>
            """)
    }

    fileprivate mutating func storedText() {
        markup(
            """
            <h2>About you</h2>\
            <ul><li><strong>From Discord:</strong> your id, name, picture (as a reference to Discord), e-mail address, \
            language, and the list of your servers with your permissions there. Why: to know who you are and what you \
            may see. The list is read at each sign-in, and again while you use the dashboard, at most every 15 \
            minutes, with tokens that Discord gives for it. These tokens are kept encrypted, and given up when \
            you sign out everywhere. How long: until you ask for it to be deleted.</li>\
            <li><strong>Sessions:</strong> browser, IP address, and when you signed in and were last active. Why: to \
            keep you signed in and to let you see where. How long: a session ends after 30 days at the latest, its \
            record goes a week later.</li>\
            <li><strong>Access as a guest:</strong> your id, who gave you access to a server, and until when. Why: to \
            let you in for that time. How long: until it is ended, or, once it has run out, until the server’s admins \
            next give access.</li>\
            <li><strong>Audit log of a server:</strong> what you changed, when, and from which IP address; as a guest, \
            that you were given access. Why: the admins of a server share the work and its consequences. How long: as \
            long as the installation’s database.</li>\
            <li><strong>Log of the installation:</strong> each sign-in and each end of a session by you, with your id, \
            the time and the IP address; each use of a session’s old key, which ends the session, with the same; each \
            sign-in that is refused because an e-mail address is not verified or Discord did not share enough, with \
            the time, the reason and the IP address, but not whose it was. Why: to find out about misuse. This log is \
            append-only: nothing in it is changed or taken out. How long: as long as the installation’s database.</li>\
            </ul>\
            <p>Your password and your messages are never seen. The service also writes a line for each request, with \
            your id, your IP address, the kind of page, the time and how long it took, not its content. The operator \
            decides how long these lines are kept.</p>\
            <h2>About tracked accounts</h2>\
            <p>For each account that a server’s admins track: its public handle, name and status, its public posts \
            with their text and address, and their counts of views, likes, comments, shares and followers over time. \
            How long: until an admin deletes the account, or the server’s limit for old posts is reached. If one of \
            them is yours and you do not want it to be tracked, write to the operator.</p>\
            <h2>Cookies</h2>\
            <p>Two for the session, one for ten minutes while you sign in, one for light or dark. No tracking, no \
            advertising, nothing from other sites except pictures of servers and people from Discord.</p>
            """)
    }
}
