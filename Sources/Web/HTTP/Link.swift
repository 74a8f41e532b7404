/// An address on this site.
///
/// Only routes create links, so a `javascript:` address cannot reach an attribute.
package struct Link: Sendable, Equatable {
    package let text: String
}
