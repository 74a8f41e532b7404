package import Formats

extension JSONSyntaxError {
    /// The answer to a request with such a body.
    package var rejection: Rejection {
        .malformed(Rejection.Complaint("", "The body is not valid JSON: at byte \(offset), expected \(expected)."))
    }
}

extension FormSyntaxError {
    /// The answer to a request with such a form or query.
    package var rejection: Rejection { .malformed(Rejection.Complaint(field, message)) }
}
