/// Where a text stops being JSON that this program takes, and what should have been there.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    /// Bytes before the fault.
    package let offset: Int
    package let expected: String
}
