internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    /// The last items of bots that were rejected; nothing if there are none.
    mutating func rejectedItems(_ items: [RejectedItem], _ frame: Frame) {
        if items.isEmpty { return }
        card(CardTitle("rejected", "Rejected items", remark: "The last \(items.count)")) { html in
            html.p(
                .class("small muted"),
                text: """
                    The bot sent these and they were not stored. Send this list to whoever runs the bot. It is kept for \
                    30 days.
                    """)
            html.listTable("Rejected items", rejectedColumns) { html in
                for item in items { html.rejectedRow(item, frame) }
            }
        }
    }

    private mutating func rejectedRow(_ item: RejectedItem, _ frame: Frame) {
        tr { html in
            html.rowHeading { html in
                html.strong(text: "\(item.field.map { "\($0) " } ?? "")\(item.message)")
                html.span(.class("sub mono")) { $0.name(String(item.item.prefix(160))) }
            }
            html.cell("Batch", "any") { $0.text("\(item.batch.rawValue), item \(item.place)") }
            html.cell("Sent with", "any") { html in
                switch item.sender {
                case .sql: html.text("SQL")
                case .key(let name?): html.name(name)
                case .key(nil): html.text("a key of the installation")
                }
            }
            html.cell("Rejected", "num") { $0.time(item.rejectedAt, frame.clock) }
        }
    }
}

private let rejectedColumns = [
    Column("What is wrong"), Column("Batch", "any"), Column("Sent with", "any"), Column("Rejected", "num"),
]
