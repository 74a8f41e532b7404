internal import Formats

/// Why a request was turned down, in words the person who asked may read.
package enum Rejection: Error, Equatable, Sendable {
    /// 400: the request cannot be understood; the complaint names the part of it.
    case malformed(Complaint)
    /// 401: no valid proof of who asks.
    case unauthenticated
    /// 401: a signature that does not hold; the reason is for whoever writes the bot.
    case unsigned(String)
    /// 403: known, visible, but not permitted.
    case forbidden(String)
    /// 403: a form that another session's page made, or none of ours.
    case formExpired
    /// 404: does not exist, or must look as if it did not.
    case notFound
    /// 409: the state of things is in the way.
    case conflict(String)
    /// 409: a field has what something else already has, and only one may have.
    case duplicate(Complaint)
    /// 409: what is to go is not empty; in it are these.
    case inTheWay([Obstacle])
    /// 412: made from another version than the one that is there now.
    case outdated(current: Int64)
    /// 415: a media type that the endpoint does not read.
    case unsupportedType(expected: String)
    /// 422: well formed, but fields are wrong.
    case invalid([Complaint])
    /// 428: which version it was made from has to be said.
    case preconditionRequired
    /// 429: come back after that many seconds.
    case tooMany(retryAfterSeconds: Int)
    /// 500: nothing the person did; the log has the rest.
    case fault
    /// 503: something needed (the database, Discord) is away; come back after that many seconds.
    case unavailable(String, retryAfterSeconds: Int)

    /// Things of one kind that keep something from being deleted.
    package struct Obstacle: Equatable, Sendable {
        /// In the plural: `groups`, `accounts`, `posts`.
        package let kind: String
        package let count: Int

        package init(_ kind: String, _ count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    /// One field of the request and what is wrong with it.
    package struct Complaint: Equatable, Sendable {
        /// Where: a JSON pointer (`/settings/timezone`), or the name of a query parameter, header or cookie.
        package let pointer: String
        package let message: String

        package init(_ pointer: String, _ message: String) {
            self.pointer = pointer
            self.message = message
        }
    }
}
