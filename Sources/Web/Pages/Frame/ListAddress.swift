internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The address of a list with its current filters and order.
struct ListAddress: Sendable {
    let page: Link
    /// The query without the cursor and the message of a completed action.
    private let fields: [(name: String, value: String)]
    private let isContinued: Bool
    private let cursors: (previous: String?, next: String?)
    /// The number of rows before the page.
    let rowsBefore: Int64

    init(_ page: Link, _ call: Call, _ paging: Paging, _ ends: PageEnds) {
        self.page = page
        fields = call.fields.filter { $0.name != "cursor" && $0.name != "done" && !$0.value.isEmpty }
        isContinued = call.fields.contains { $0.name == "cursor" && !$0.value.isEmpty }
        cursors = (paging.cursor(ends.previous), paging.cursor(ends.next))
        rowsBefore = ends.rowsBefore
    }

    init(_ page: Link, fields: [(name: String, value: String)] = []) {
        self.page = page
        self.fields = fields
        isContinued = false
        cursors = (nil, nil)
        rowsBefore = 0
    }

    /// True if any filter is set.
    var isFiltered: Bool { fields.contains { !["sort", "order", "limit"].contains($0.name) } }

    var next: Link? { cursors.next.map { page.asking(fields + [("cursor", $0)]) } }

    var previous: Link? { cursors.previous.map { page.asking(fields + [("cursor", $0)]) } }

    var first: Link? { isContinued ? page.asking(fields) : nil }

    /// The list by that column; by the column of the present order in the other direction.
    func sorted(
        by sort: some RawRepresentable<String>, turning order: SortDirection?
    ) -> Link {
        let others = fields.filter { $0.name != "sort" && $0.name != "order" }
        let turned: SortDirection? = order.map { $0 == .ascending ? .descending : .ascending }
        return page.asking(others + [("sort", sort.rawValue)] + (turned.map { [("order", $0.rawValue)] } ?? []))
    }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

extension RowCount {
    /// For example `1,284`, or `10,000+` if counting stopped there.
    var text: String { NumberText.grouped(value) + (isMore ? "+" : "") }

    /// For example `Showing 51–100 of 1,284 accounts, by handle`.
    func shown(_ count: Int, after rowsBefore: Int64, _ noun: String, _ nouns: String? = nil, order: String) -> String {
        let all = value == 1 && !isMore ? "1 \(noun)" : "\(text) \(nouns ?? noun + "s")"
        let first = NumberText.grouped(rowsBefore.saturatingAdd(1))
        let rows = count == 1 ? first : "\(first)–\(NumberText.grouped(rowsBefore.saturatingAdd(Int64(count))))"
        return "Showing \(rows) of \(all), \(order)"
    }
}
