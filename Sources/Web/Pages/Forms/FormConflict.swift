internal import Formats
internal import HTTP

/// One field of a form that two admins edited at the same time.
struct FieldConflict: Sendable, Equatable {
    let name: String
    let label: String
    /// The value with which the form was opened.
    let was: String
    /// The value that the first admin saved.
    let saved: String
    /// The value that the second admin sent.
    let typed: String

    /// True if the second admin has to choose.
    var isChangedByBoth: Bool {
        !was.hasSameBytes(as: saved) && !was.hasSameBytes(as: typed) && !saved.hasSameBytes(as: typed)
    }

    var isChanged: Bool { !was.hasSameBytes(as: saved) || !was.hasSameBytes(as: typed) }
}

extension HTML {
    /// The fields that at least one of two admins changed: before, now, and in the rejected form.
    mutating func bothVersions(_ rows: [FieldConflict], _ noun: String, text: (FieldConflict, String) -> String) {
        guard !rows.isEmpty else { return }
        let columns = [Column(noun), Column("Before"), Column("Currently saved"), Column("Yours")]
        card(CardTitle("both", "Both versions", remark: CountText.text(rows.count, noun.lowercased()))) { html in
            html.listTable("Both versions", columns) { html in
                for row in rows { html.conflictRow(row, text) }
            }
        }
    }

    private mutating func conflictRow(_ row: FieldConflict, _ text: (FieldConflict, String) -> String) {
        tr { html in
            html.rowHeading { html in
                html.strong(text: row.label)
                if row.isChangedByBoth { html.span(.class("sub"), text: "Both of you changed it.") }
            }
            html.cell("Before", "any") { $0.name(text(row, row.was)) }
            html.cell("Currently saved", "any") { $0.name(text(row, row.saved)) }
            html.cell("Yours", "any") { $0.name(text(row, row.typed)) }
        }
    }
}
