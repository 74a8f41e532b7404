internal import Domain
internal import Formats
internal import HTTP

/// A column of a table: its heading, and the layout of its cells.
struct Column: Sendable {
    let label: String
    var kind: StaticString?
    /// The link that sorts by the column.
    var sorting: Link?
    /// The current sort order; nil if the list is sorted by another column.
    var order: SortDirection?
    /// True if the heading is only for screen readers.
    var isHidden = false

    init(
        _ label: String, _ kind: StaticString? = nil, sorting: Link? = nil, order: SortDirection? = nil,
        isHidden: Bool = false
    ) {
        self.label = label
        self.kind = kind
        self.sorting = sorting
        self.order = order
        self.isHidden = isHidden
    }
}

extension HTML {
    /// A table whose rows become cards on a phone.
    mutating func listTable(_ caption: String, _ columns: [Column], rows: Content) {
        table(.class("cards")) { html in
            html.caption(.class("visually-hidden"), text: caption)
            html.thead { html in html.tr { html in for column in columns { html.heading(column) } } }
            html.tbody(content: rows)
        }
    }

    private mutating func heading(_ column: Column) {
        let order: StaticString? = column.order.map { $0 == .ascending ? "ascending" : "descending" }
        th(
            .fixed("scope", "col"), .text("class", column.kind?.description), .text("aria-sort", order?.description)
        ) { html in
            if let link = column.sorting {
                html.a(.href(link), .flag("data-swap"), text: column.label)
            } else if column.isHidden {
                html.span(.class("visually-hidden"), text: column.label)
            } else {
                html.text(column.label)
            }
        }
    }

    /// The cell that names its row.
    mutating func rowHeading(content: Content) { th(.fixed("scope", "row"), content: content) }

    mutating func cell(_ label: StaticString, _ kind: StaticString? = nil, content: Content) {
        td(.fixed("data-label", label), .text("class", kind?.description), content: content)
    }

    /// A table that stays a table on a phone: a name and figures.
    mutating func smallTable(_ headings: [String], rows: [[String]]) {
        table { html in
            html.thead { html in
                html.tr { html in
                    for (index, heading) in headings.enumerated() {
                        html.th(.fixed("scope", "col"), .text("class", index > 0 ? "num" : nil), text: heading)
                    }
                }
            }
            html.tbody { html in for row in rows { html.smallRow(row) } }
        }
    }

    private mutating func smallRow(_ cells: [String]) {
        tr { html in
            for (index, cell) in cells.enumerated() {
                if index == 0 {
                    html.th(.fixed("scope", "row"), text: cell)
                } else {
                    html.td(.class("num"), text: cell)
                }
            }
        }
    }
}
