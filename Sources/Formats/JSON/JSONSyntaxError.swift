/// The position of a syntax error, and the expected token.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    /// Bytes before the error.
    package let offset: Int
    package let expected: String
}
