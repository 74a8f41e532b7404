internal import Formats
internal import HTTP

extension HTML {
    /// The part of a page that scripts replace if filters, order or page change.
    mutating func listCard(content: Content) { div(.class("card"), .fixed("data-region", "list"), content: content) }

    /// The number of rows shown, and the links to other pages.
    mutating func paging(_ shown: String, _ address: ListAddress) {
        paging(shown, first: address.first, previous: address.previous, next: address.next)
    }

    mutating func paging(_ shown: String, first: Link?, previous: Link?, next: Link?) {
        div(.class("paging")) { html in
            html.p(.flag("data-shown"), text: shown)
            guard first != nil || next != nil else { return }
            html.div(.class("actions")) { html in
                if let first { html.pagingLink("First page", first, rel: nil) }
                if let previous { html.pagingLink("Previous page", previous, rel: "prev") }
                if let next { html.pagingLink("Next page", next, rel: "next") }
            }
        }
    }

    private mutating func pagingLink(_ label: String, _ link: Link, rel: String?) {
        a(.class("button small"), .href(link), .fixed("data-swap", "page"), .text("rel", rel), text: label)
    }

    /// Entries in chronological order; each has a `time`.
    mutating func timeline(content: Content) { ol(.class("timeline"), content: content) }

    mutating func timelineEntry(_ tone: Tone?, content: Content) {
        li(.text("class", tone?.rawValue), content: content)
    }
}
