internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The profile of the signed-in person.
enum ProfilePage {
    static let title = "Your account"

    static let endpoint = Endpoint.signedIn(.get, PagePath.profile, .page, "Your account", .html) { call, session in
        guard let person = try await Users.find(session.user, call.database) else { throw Rejection.unauthenticated }
        return .page(PagePlace(title: title, section: .profile), Frame(call)) {
            write(person, servers: session.memberships.count, to: &$0)
        }
    }

    static func write(_ person: Person, servers: Int, to html: inout HTML) {
        html.pageHeader(title)
        html.bodyCard(CardTitle("profile", "Profile", remark: "from Discord")) { html in
            html.facts { html in
                html.fact("Name") { $0.name(person.displayName) }
                html.fact("Username") { $0.name(person.username) }
                html.fact("Discord user ID") { html in
                    html.span(.class("mono"), text: person.id.description)
                }
                html.fact("E-mail") { html in
                    if let email = person.email { html.name(email) } else { html.text("not shared") }
                }
                html.fact("Servers") { html in
                    html.a(.href(PagePath.servers.link()), text: NumberText.grouped(servers))
                }
            }
        }
        html.bodyCard(CardTitle("signed-in", "Where you are signed in")) { html in
            html.p(text: "Each signed-in browser and program has a session. End any you don't recognise.")
            html.p { $0.button("Your sessions", PagePath.sessions.link(), icon: .device) }
        }
    }
}
