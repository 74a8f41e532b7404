internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    mutating func badge(_ tone: Tone, _ word: String) {
        span(.text("class", "badge \(tone.rawValue)")) { html in
            html.markup(#"<span class="dot"></span>"#)
            html.text(word)
        }
    }

    /// A badge without a tone.
    mutating func tag(_ word: String) { span(.class("badge"), text: word) }

    mutating func badge(_ status: AccountStatus) { badge(Tone(status), status.label) }

    /// The bot's state, updated by script.
    mutating func botBadge(_ state: BotState, _ link: Link? = nil) {
        let marks: [Attribute] = [.fixed("data-status", "badge"), .text("class", "badge \(Tone(state).rawValue)")]
        let content: HTML.Content = { html in
            html.markup(
                #"<span class="dot"></span><span><span class="visually-hidden">Bot: </span><span data-word>"#)
            html.text(state.label)
            html.markup("</span></span>")
        }
        if let link {
            element("a", [.href(link)] + marks, content)
        } else {
            element("span", marks, content)
        }
    }

    mutating func platform(_ platform: Platform) {
        span(.class("platform")) { html in
            html.icon(Icon(platform))
            html.text(platform.label)
        }
    }

    /// An inline name.
    ///
    /// `bdi` keeps its text direction from affecting the words beside it.
    mutating func name(_ name: String) {
        markup("<bdi>")
        text(name)
        markup("</bdi>")
    }
}
