/// Where a text stops being JSON that this program takes, and what should have been there.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    /// Bytes before the fault.
    package let offset: Int
    package let expected: String

    /// The answer to a request with such a body.
    package var rejection: Rejection {
        .malformed(Rejection.Complaint("", "The body is not valid JSON: at byte \(offset), expected \(expected)."))
    }
}
