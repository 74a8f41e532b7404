internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The filters and order of the account list.
struct AccountQuery: Sendable {
    static let brand = QueryParameter<BrandID>.id("brand", "Only accounts of this brand")
    static let group = QueryParameter<AccountGroupID>.id("group", "Only accounts of this group")
    static let platform = QueryParameter<Platform>.word("platform", "Only accounts on this platform")
    static let status = QueryParameter<AccountStatus>.word("status", "Only accounts with this status")
    static let text = QueryParameter<String>.text("q", maximum: 200, "Part of a handle or display name")
    static let sort = QueryParameter<AccountSort>.word(
        "sort", "`handle` from A (the default), or `followers`, `lastPostAt` or `createdAt`, largest first")
    static let order = QueryParameter<SortDirection>.word(
        "order", "The direction; default: `asc` for `handle`, else `desc`")

    static let parameters = [
        brand.description, group.description, platform.description, status.description, text.description,
        sort.description, order.description,
    ]

    var filter = AccountFilter()
    let sort: AccountSort
    let direction: SortDirection

    init(_ call: Call) throws(Rejection) {
        filter.brand = try call.query(Self.brand)
        filter.group = try call.query(Self.group)
        filter.platform = try call.query(Self.platform)
        filter.status = try call.query(Self.status)
        filter.text = try call.query(Self.text)
        sort = try call.query(Self.sort) ?? .handle
        direction = try call.query(Self.order) ?? (sort.isDescending ? .descending : .ascending)
    }

    var isReversed: Bool { sort.isDescending != (direction == .descending) }

    func page(_ slice: Slice) -> Query<Page<Account>> { Accounts.page(filter, by: sort, reversed: isReversed, slice) }

    func count() -> Query<RowCount> { Accounts.count(filter) }
}
