package struct AccountFilter: Sendable, Equatable {
    package var brand: BrandID?
    package var group: AccountGroupID?
    package var platform: Platform?
    package var status: AccountStatus?
    /// Part of a handle or display name, case-insensitive.
    package var text: String?
    package init() {}
}

/// Handles ascending, the others descending.
package enum AccountSort: String, CaseIterable, Sendable {
    case handle, followers, lastPostAt, createdAt

    /// The usual direction: largest and newest first, names from A.
    package var isDescending: Bool { self != .handle }
}

/// The direction of an order, as the API names it.
package enum SortDirection: String, CaseIterable, Sendable {
    case ascending = "asc"
    case descending = "desc"
}
