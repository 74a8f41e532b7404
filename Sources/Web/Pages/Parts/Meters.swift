internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    /// A bar for a share.
    ///
    /// The number beside it says the same, so it is hidden from screen readers.
    mutating func meter(_ part: Int, of whole: Int) {
        let percent = whole > 0 ? min(100, 100 * Double(part) / Double(whole)) : 0
        svg(.class("meter"), .fixed("aria-hidden", "true"), .integer("height", 8)) { html in
            html.markup(#"<rect width="100%" height="8"/>"#)
            html.rect(.percent("width", percent), .integer("height", 8))
        }
    }

    mutating func tally(content: Content) { ul(.class("tally"), content: content) }

    /// One line of a tally: a name, a bar relative to the longest, and the count as a link.
    mutating func tallyLine(_ count: Int, of most: Int, _ noun: String, _ link: Link, label: Content) {
        li { html in
            html.span(content: label)
            html.meter(count, of: most)
            html.a(.href(link)) { html in
                html.text(NumberText.grouped(count))
                html.span(.class("visually-hidden"), text: " \(noun)")
            }
        }
    }
}
