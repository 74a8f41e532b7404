/// The position of a syntax error, and the expected token.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    /// Bytes before the error.
    package let offset: Int
    package let expected: String

    /// The rejection of a request with this body.
    package var rejection: Rejection {
        .malformed(Rejection.Complaint("", "The body is not valid JSON: at byte \(offset), expected \(expected)."))
    }
}
