internal import Formats

/// Why the server refuses a request without asking its handler.
package enum HTTPRefusal: Error, Equatable, Sendable {
    /// 400: a part of the request, such as a header, is invalid; names the part and the error.
    case malformed(_ part: String, _ message: String)
    /// 405: the method is none that the server knows.
    case methodNotAllowed
    /// 408: the request did not arrive in time.
    case tooSlow
    /// 413: the body has more bytes than the endpoint takes.
    case tooLarge(limit: Int)
    /// 414: the address has more bytes or parameters than are taken.
    case addressTooLong(limit: Int)
    /// 429: the bodies of the client's network have more bytes together than `limit`.
    case tooMany(retryAfterSeconds: Int, limit: Int)
    /// 431: the header lines have more bytes together than are taken.
    case headersTooLarge(limit: Int)
    /// 501: a transfer coding other than `chunked`.
    case unsupportedCoding
    /// 503: the server has no room.
    case unavailable(String, retryAfterSeconds: Int)
}
