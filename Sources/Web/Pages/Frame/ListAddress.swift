internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Where a list is, with the filters and the order that it has now.
struct ListAddress: Sendable {
    let page: Link
    /// The parameters of the request, without the place in the list and what was just done.
    private let fields: [(name: String, value: String)]
    private let isContinued: Bool
    private let cursor: String?

    /// The cursor is where the next page begins.
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

    /// Whether anything but the order is chosen.
    var isFiltered: Bool { fields.contains { $0.name != "sort" && $0.name != "limit" } }

    var next: Link? { cursor.map { page.asking(fields + [("cursor", $0)]) } }

    var first: Link? { isContinued ? page.asking(fields) : nil }

    func sorted(by sort: some RawRepresentable<String>) -> Link {
        page.asking(fields.filter { $0.name != "sort" } + [("sort", sort.rawValue)])
    }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

extension RowCount {
    /// As in `1,284`, or `10,000+` where counting stopped.
    var text: String { NumberText.grouped(value) + (isMore ? "+" : "") }

    /// As in `Showing 50 of 1,284 accounts, by handle`.
    func shown(_ count: Int, _ noun: String, order: String) -> String {
        let all = value == 1 && !isMore ? "1 \(noun)" : "\(text) \(noun)s"
        return "Showing \(NumberText.grouped(count)) of \(all), \(order)"
    }
}
