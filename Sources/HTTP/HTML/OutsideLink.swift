internal import Formats

/// An address outside this site that a page may point at: `https` only, so no script can hide in it.
package struct OutsideLink: Sendable, Equatable {
    package let text: String

    /// From the source of this program.
    package init(fixed text: StaticString) { self.text = text.description }

    /// From data; nil for anything but an `https://` or `http://` address of printable ASCII.
    package init?(_ text: String) {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count <= 2_000,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        self.text = text
    }
}
