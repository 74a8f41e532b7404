package import Formats

package struct PostFilter: Sendable, Equatable {
    package var account: ClientAccountID?
    package var brand: BrandID?
    package var group: AccountGroupID?
    package var platform: Platform?
    /// Days in the guild's time zone, both included.
    package var from: CalendarDay?
    package var to: CalendarDay?
    package var minViews: Int?
    /// Part of a caption or handle, case-insensitive.
    package var text: String?
    package init() {}

    /// Whether texts of posts have to be read to find those that fit; all other filters have an index.
    package var isSearch: Bool { text != nil }
}

package enum PostSort: String, CaseIterable, Sendable {
    case postedAt, views
}
