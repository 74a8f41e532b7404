internal import Formats

/// A place on this site.
///
/// Only routes make links, so a `javascript:` address cannot reach an attribute.
package struct Link: Sendable, Equatable {
    package let text: String

    package init(text: String) { self.text = text }
}
