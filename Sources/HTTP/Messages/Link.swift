internal import Formats

/// An address on this site.
///
/// Only routes create links, so a `javascript:` address cannot reach an attribute.
package struct Link: Sendable, Equatable {
    package let text: String

    package init(text: String) { self.text = text }
}
