internal import Formats

/// An external address for links and images: `https` or `http` only, so it cannot be a script.
package struct OutsideLink: Sendable, Equatable {
    package let text: String

    /// A fixed address from the source.
    package init(fixed text: StaticString) { self.text = text.description }

    /// An address from data; nil unless it is an `https://` or `http://` address of printable ASCII.
    package init?(_ text: String) {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count <= 2_000,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        self.text = text
    }
}
