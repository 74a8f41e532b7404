internal import Formats

/// The reason why a request was rejected.
///
/// Its texts may be shown to the client.
package enum Rejection: Error, Equatable, Sendable {
    /// 400: the request is malformed; the complaint names the part.
    case malformed(Complaint)
    /// 401: no valid authentication.
    case unauthenticated
    /// 401: an invalid signature; the reason is for the bot's developer.
    case unsigned(String)
    /// 403: visible, but not permitted.
    case forbidden(String)
    /// 403: the form is from another session, or not from this site.
    case formExpired
    /// 404: does not exist, or must not be revealed.
    case notFound
    /// 409: conflicts with the current state.
    case conflict(String)
    /// 409: the value of a unique field is taken.
    case duplicate(Complaint)
    /// 409: the object to delete is not empty; lists its contents.
    case inTheWay([Obstacle])
    /// 412: based on an outdated version.
    case outdated(current: Int64)
    /// 415: the endpoint does not accept this media type.
    case unsupportedType(expected: String)
    /// 422: well formed, but fields are invalid.
    case invalid([Complaint])
    /// 428: `If-Match` is required.
    case preconditionRequired
    /// 429: retry after that many seconds.
    case tooMany(retryAfterSeconds: Int)
    /// 500: an internal error; the log has the details.
    case fault
    /// 503: a dependency (the database, Discord) is unreachable; retry after that many seconds.
    case unavailable(String, retryAfterSeconds: Int)

    /// Objects of one kind that block a deletion.
    package struct Obstacle: Equatable, Sendable {
        /// In the plural: `groups`, `accounts`, `posts`.
        package let kind: String
        package let count: Int

        package init(_ kind: String, _ count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    /// A field of the request and its error.
    package struct Complaint: Equatable, Sendable {
        /// A JSON pointer (`/settings/timezone`), or the name of a query parameter, header or cookie.
        package let pointer: String
        package let message: String

        package init(_ pointer: String, _ message: String) {
            self.pointer = pointer
            self.message = message
        }
    }
}
