internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    /// The heading of a page, with its count and actions.
    mutating func pageHeader(_ title: String, lead: Content? = nil, count: String? = nil, actions: Content? = nil) {
        header(.class("head")) { html in
            html.div { html in
                html.h1 { html in
                    html.name(title)
                    guard let count else { return }
                    html.text(" ")
                    html.span(
                        .class("count"), .fixed("data-region", "count"), .fixed("data-live", "count"), text: count)
                }
                if let lead { html.p(content: lead) }
            }
            if let actions { html.div(.class("actions"), content: actions) }
        }
    }
}
