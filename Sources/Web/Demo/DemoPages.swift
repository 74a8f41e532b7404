internal import Domain

enum DemoPages {
    static func consent(_ call: Call, state: String, challenge: String, redirect: String) -> Response {
        var html = HTML()
        for person in DemoPerson.all {
            let query = FormFields([
                .init("person", person.id), .init("state", state), .init("code_challenge", challenge),
                .init("redirect_uri", redirect),
            ]).query
            html.p { $0.a(.href(Link(text: "/demo/discord/choose?\(query)")), text: person.name) }
        }
        return .text(200, "text/html; charset=utf-8", html.finish())
    }
}
