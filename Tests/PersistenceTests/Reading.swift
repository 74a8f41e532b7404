import Domain
import Formats
import Persistence
import TestKit

/// The items of every page of a list, read one after the other.
///
/// `between` runs before each page but the first, to change the list meanwhile.
func pages<Item: Sendable>(
    of limit: Int, in access: GuildAccess, between: (Int) async throws -> Void = { _ in },
    _ query: @escaping @Sendable (Slice) -> Query<Page<Item>>
) async throws -> [[Item]] {
    var pages: [[Item]] = []
    var slice = Slice(limit)
    while pages.count < 100 {
        let part = slice
        let page = try await ask { try await $0.read(query(part), in: access) }
        pages.append(page.items)
        guard let next = page.next else { break }
        slice = Slice(limit, after: next)
        try await between(pages.count)
    }
    return pages
}
