internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    /// A highlighted sentence; nil is the neutral tone.
    mutating func notice(_ tone: Tone?, icon: Icon? = nil, action: Content? = nil, content: Content) {
        div(.text("class", tone.map { "notice \($0.rawValue)" } ?? "notice")) { html in
            html.icon(icon ?? Self.icon(of: tone))
            html.div(content: content)
            action?(&html)
        }
    }

    private static func icon(of tone: Tone?) -> Icon {
        switch tone {
        case .good: .ok
        case .warn: .warning
        case .bad: .bad
        default: .info
        }
    }

    /// Replaces an empty list.
    mutating func emptyState(_ icon: Icon, _ title: String, actions: Content? = nil, text: Content) {
        div(.class("empty")) { html in
            html.icon(icon)
            html.h2(text: title)
            html.p(content: text)
            if let actions { html.div(.class("actions"), content: actions) }
        }
    }

    /// Entries with an icon, a text and one action; put them into a `ul` of class `rows`.
    ///
    /// With conditions of the bot the entry is shown only while one of them holds; a script shows and hides it.
    mutating func row(
        _ tone: Tone, _ icon: Icon, while conditions: [Attribute] = [], remark: Content, action: Content? = nil,
        title: Content
    ) {
        element("li", [.text("class", tone.rawValue)] + conditions) { html in
            html.icon(icon)
            html.div(.class("grow")) { html in
                title(&html)
                html.span(.class("sub"), content: remark)
            }
            action?(&html)
        }
    }

    mutating func rows(content: Content) { ul(.class("rows"), content: content) }
}
