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
}
