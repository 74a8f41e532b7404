internal import Domain
internal import Formats
internal import HTTP

/// A readable reference of the API, made from the table that routes the requests.
enum DocsPage {
    struct Group: Sendable {
        let name: String
        let endpoints: [Endpoint]

        var id: String { name.lowercased() }
    }

    static func response(_ call: Call) -> Response {
        let groups = groups(of: call.context.endpoints)
        return .plainPage("API reference", Frame(call), current: .docs) { write(groups, to: &$0) }
    }

    /// The API's endpoints grouped by the subject of their path, in the order of the table.
    static func groups(of endpoints: [Endpoint]) -> [Group] {
        let api = endpoints.filter(\.isDescribed)
        var names: [String] = []
        for endpoint in api where !names.contains(subject(of: endpoint)) { names.append(subject(of: endpoint)) }
        return names.map { name in Group(name: name, endpoints: api.filter { subject(of: $0) == name }) }
    }

    /// The word after `/api/v1` or after the guild.
    private static func subject(of endpoint: Endpoint) -> String {
        if endpoint.kind == .operation { return "Operations" }
        let words = endpoint.pieces.dropFirst(2).compactMap { piece in
            if case .fixed(let word) = piece { word } else { nil }
        }
        let word = words.first == "guilds" ? words.dropFirst().first ?? "servers" : words.first ?? "servers"
        if word == "auth" { return "Sign-in" }
        if word.contains(".") { return "Description" }
        return word.prefix(1).uppercased() + word.dropFirst().split(separator: "-").joined(separator: " ")
    }

    static func write(_ groups: [Group], to html: inout HTML) {
        let lead: HTML.Content = { html in
            html.text("Always in sync with the server. Machine-readable: ")
            html.a(.href(OpenAPI.path.link()), text: "openapi.json")
            html.text(".")
        }
        html.pageHeader("API reference", lead: lead)
        html.div(.class("docs")) { html in
            html.nav(.fixed("aria-label", "Sections")) { html in
                html.ul { html in
                    for group in groups { html.li { $0.a(.href(Link(text: "#\(group.id)")), text: group.name) } }
                }
            }
            html.div { html in
                html.apiBasics()
                for group in groups { html.endpoints(group) }
            }
        }
    }
}

extension HTML {
    fileprivate mutating func apiBasics() {
        markup(
            """
            <section class="prose"><h2>Basics</h2><p>JSON with camelCase keys, times in UTC, ids as strings. Lists come \
            in pages: take <code>nextCursor</code> and send it as <code>cursor</code>. Errors are \
            <code>application/problem+json</code> with a <code>requestId</code>.</p><p>Sign in with \
            <code>Accept: application/json</code> to get a token pair, and send the access token as \
            <code>Authorization: Bearer</code>. Requests with a browser’s cookies that change something need the \
            page’s form token in <code>X-CSRF-Token</code>.</p></section>
            """)
    }

    fileprivate mutating func endpoints(_ group: DocsPage.Group) {
        section(.text("aria-labelledby", group.id)) { html in
            html.h2(.text("id", group.id), text: group.name)
            for endpoint in group.endpoints { html.endpoint(endpoint) }
        }
    }

    private mutating func endpoint(_ endpoint: Endpoint) {
        details(.class("card endpoint")) { html in
            html.summary { html in
                html.span(.class(endpoint.methodClass), text: endpoint.method.rawValue)
                html.code(text: endpoint.template)
                html.span(.class("small"), text: endpoint.summary.description)
            }
            html.parameters(of: endpoint)
            html.div(.class("body")) { html in
                if let explanation = endpoint.explanation { html.p(text: explanation.description) }
                html.definition("Who", endpoint.who)
                html.definition("Answers", endpoint.statuses.map(String.init).joined(separator: ", "))
                if let input = endpoint.input { html.example("Body", SchemaText.text(input)) }
                if let answer = endpoint.exampleText { html.example("Answer", answer) }
            }
        }
    }

    private mutating func definition(_ term: String, _ text: String) {
        p(.class("small")) { html in
            html.strong(text: "\(term):")
            html.text(" \(text)")
        }
    }

    private mutating func example(_ title: String, _ text: String) {
        p(.class("small")) { $0.strong(text: title) }
        pre(.integer("tabindex", 0)) { $0.text(text) }
    }

    private mutating func parameters(of endpoint: Endpoint) {
        let rows = endpoint.parameterRows
        guard !rows.isEmpty else { return }
        h3(.class("visually-hidden"), text: "Parameters")
        let columns = [Column("Parameter"), Column("In"), Column("Type"), Column("Meaning")]
        listTable("Parameters of \(endpoint.method.rawValue) \(endpoint.template)", columns) { html in
            for row in rows {
                html.tr { html in
                    html.rowHeading { $0.code(text: row.name) }
                    html.cell("In") { $0.text(row.place) }
                    html.cell("Type") { $0.text(row.type) }
                    html.cell("Meaning", "full") { $0.text(row.meaning) }
                }
            }
        }
    }
}
