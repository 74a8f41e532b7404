internal import Domain
internal import Formats
internal import HTTP

/// Replaces the sign-in page until the operator has configured a Discord application.
enum SetupPage {
    private static let places = [
        "DASHBOARD_DISCORD_CLIENT_ID": "OAuth2 → Client ID",
        "DASHBOARD_DISCORD_CLIENT_SECRET": "OAuth2 → Reset Secret; shown once",
    ]

    static func response(_ call: Call) -> Response {
        let redirect = call.world.settings.redirectAddress
        let missing = call.world.settings.missingDiscordVariables
        return .plainPage("Setup", Frame(call), width: .text) { html in
            html.pageHeader(
                "Almost ready",
                lead: { html in
                    let settings = missing.count == 1 ? "One setting is" : "Two settings are"
                    html.text("The service runs. \(settings) missing or empty: until then sign-in is not possible.")
                })
            html.card(CardTitle("configuration", "Configuration")) { html in
                html.rows { html in
                    for name in missing { html.missingVariable(name, places[name] ?? "OAuth2") }
                }
            }
            html.redirectCard(redirect)
            html.bodyCard(CardTitle("then", "Then")) { html in
                html.markup(
                    """
                    <ol class="prose"><li>Set what is missing where the other variables are set, or in the file that its \
                    name with <code>_FILE</code> names.</li>\
                    <li>Start the service again.</li>\
                    <li><a href="/login">Load this page again</a>: it becomes the sign-in page.</li></ol>
                    """)
            }
        }
    }
}

extension HTML {
    /// The redirect address to enter in Discord's developer portal.
    mutating func redirectCard(_ address: String) {
        bodyCard(CardTitle("redirect-url", "Redirect URL")) { html in
            html.p(text: "Paste this in Discord’s developer portal under OAuth2 → Redirects, exactly as it is:")
            html.div(.class("copy")) { html in
                html.pre(.id("redirect"), .integer("tabindex", 0)) { $0.text(address) }
                html.markup(#"<button class="button" type="button" data-copy="redirect" hidden>Copy</button>"#)
            }
        }
    }

    fileprivate mutating func missingVariable(_ name: String, _ place: String) {
        row(.bad, .bad) {
            $0.text("Discord’s developer portal → your application → \(place)")
        } title: { html in
            html.code(text: name)
            html.markup(#" <span class="down small">is missing</span>"#)
        }
    }
}
