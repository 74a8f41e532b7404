internal import Formats
internal import HTTP

/// The heading of a card.
///
/// The id labels the card and is its anchor.
struct CardTitle: Sendable {
    let id: StaticString
    let text: String
    var remark: String?

    init(_ id: StaticString, _ text: String, remark: String? = nil) {
        self.id = id
        self.text = text
        self.remark = remark
    }
}

extension HTML {
    /// A card whose content has no padding: tables, rows, tallies.
    mutating func card(_ title: CardTitle, footer: Content? = nil, content: Content) {
        section(.class("card"), .fixed("aria-labelledby", title.id)) { html in
            html.header { html in
                html.h2(.id(title.id), text: title.text)
                if let remark = title.remark { html.span(.class("small"), text: remark) }
            }
            content(&html)
            if let footer { html.footer(content: footer) }
        }
    }

    /// A card with text or charts.
    mutating func bodyCard(_ title: CardTitle, footer: Content? = nil, content: Content) {
        card(title, footer: footer) { html in html.div(.class("body"), content: content) }
    }

    /// A chart in a card of its own.
    mutating func figureCard(content: Content) {
        div(.class("card")) { html in html.div(.class("body"), content: content) }
    }

    mutating func columns(wideLeft: Bool = false, content: Content) {
        div(.class(wideLeft ? "columns wide-left" : "columns"), content: content)
    }

    /// A part that scripts fetch again when tracked data changes (live.js).
    ///
    /// `name` is unique on the page.
    mutating func live(_ name: StaticString, content: Content) {
        div(.class("stack"), .fixed("data-live", name), content: content)
    }

    mutating func stats(content: Content) { dl(.class("stats"), content: content) }

    mutating func stat(_ label: String, note: String? = nil, tone: StaticString? = nil, value: Content) {
        div(.class("stat")) { html in
            html.dt(text: label)
            html.dd(content: value)
            guard let note else { return }
            if let tone { html.dd(.class(tone), text: note) } else { html.dd(text: note) }
        }
    }

    mutating func facts(content: Content) { dl(.class("facts"), content: content) }

    mutating func fact(_ label: String, value: Content) {
        div { html in
            html.dt(text: label)
            html.dd(content: value)
        }
    }

    mutating func disclosure(_ summary: String, content: Content) {
        details(.class("more")) { html in
            html.summary { html in
                html.chevron()
                html.text(summary)
            }
            content(&html)
        }
    }
}
