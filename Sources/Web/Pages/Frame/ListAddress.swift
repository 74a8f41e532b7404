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
    private let cursor: String?

    /// `cursor` is the start of the next page.
    init(_ page: Link, _ call: Call, cursor: String?) {
        self.page = page
        fields = call.fields.filter { $0.name != "cursor" && $0.name != "done" && !$0.value.isEmpty }
        isContinued = call.fields.contains { $0.name == "cursor" && !$0.value.isEmpty }
        self.cursor = cursor
    }

    init(_ page: Link, fields: [(name: String, value: String)] = [], isContinued: Bool = false, cursor: String? = nil) {
        self.page = page
        self.fields = fields
        self.isContinued = isContinued
        self.cursor = cursor
    }

    /// True if any filter is set.
    var isFiltered: Bool { fields.contains { $0.name != "sort" && $0.name != "limit" } }

    var next: Link? { cursor.map { page.asking(fields + [("cursor", $0)]) } }

    var first: Link? { isContinued ? page.asking(fields) : nil }

    func sorted(by sort: some RawRepresentable<String>) -> Link {
        page.asking(fields.filter { $0.name != "sort" } + [("sort", sort.rawValue)])
    }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

extension RowCount {
    /// For example `1,284`, or `10,000+` if counting stopped there.
    var text: String { NumberText.grouped(value) + (isMore ? "+" : "") }

    /// For example `Showing 50 of 1,284 accounts, by handle`.
    func shown(_ count: Int, _ noun: String, order: String) -> String {
        let all = value == 1 && !isMore ? "1 \(noun)" : "\(text) \(noun)s"
        return "Showing \(NumberText.grouped(count)) of \(all), \(order)"
    }
}
