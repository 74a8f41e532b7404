internal import Domain
internal import Formats
internal import HTTP

/// The demo's replacement for Discord's consent page.
enum DemoPages {
    static func consent(_ call: Call, state: String, challenge: String, redirect: String) -> Response {
        let fields = [("state", state), ("code_challenge", challenge), ("redirect_uri", redirect)]
        let choose = DiscordStandIn.choose.link()
        return .plainPage("Demo: who are you?", Frame(call), width: .narrow) { html in
            html.div(.class("card sheet stage")) { html in
                html.p { $0.badge(.warn, "Demo, not Discord") }
                html.h1(text: "Demo: who are you?")
                html.p(
                    text: """
                        Normally Discord asks for your consent here. In the demo, just choose \
                        a person.
                        """)
                html.form(.fixed("method", "get"), .action(choose)) { html in
                    for (name, value) in fields { html.hidden(name, value) }
                    html.ul(.class("people")) { html in for person in DemoPerson.all { html.choice(of: person) } }
                }
                let cancel = choose.asking([("person", "cancel")] + fields)
                html.p { $0.a(.href(cancel), text: "Cancel (as if you declined)") }
            }
        }
    }
}

extension HTML {
    fileprivate mutating func choice(of person: DemoPerson) {
        li { html in
            html.button(.fixed("name", "person"), .text("value", person.id)) { html in
                html.avatar(person.name, nil, .largePerson)
                html.span(.class("who")) { html in
                    html.strong(text: person.name)
                    html.span(text: person.role.description)
                }
            }
        }
    }
}
