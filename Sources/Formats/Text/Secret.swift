/// A text that no log, message or debug output shows: printed in any way, it is `•••`.
package struct Secret: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible, CustomReflectable {
    /// The text itself, for the one place that signs, seals, sends or hands it out.
    package let exposed: String

    package init(_ text: String) { exposed = text }

    package init(stringLiteral text: String) { exposed = text }

    package var bytes: [UInt8] { Array(exposed.utf8) }

    package var description: String { "•••" }

    /// Without children, so that `dump` and a printed struct around it show nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
