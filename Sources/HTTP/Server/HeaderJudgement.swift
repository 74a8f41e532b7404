internal import Formats

/// An error in a request's header, found before the site is called.
enum HeaderJudgement {
    /// `isStrict`: every line ends with CR LF, as seen in the library's buffer.
    ///
    /// - Throws: the first error.
    static func check(
        _ request: Request, version: String, isStrict: Bool, limit: Int
    ) throws(HTTPRefusal) {
        let headers = request.headers
        guard isStrict else { throw .malformed("", "A header line does not end with CR and LF, or has no name") }
        guard isTarget(request.path) else { throw .malformed("", "The request target must be a path") }
        guard headers.size <= limit else { throw .headersTooLarge(limit: limit) }
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            throw .malformed("", "The version must be HTTP/1.1 or HTTP/1.0")
        }
        // RFC 9112, 3.2: exactly one `Host` from HTTP/1.1 on.
        let hosts = headers.count("host")
        guard hosts == 1 || (hosts == 0 && version == "HTTP/1.0") else {
            throw .malformed("Host", hosts == 0 ? "is missing" : "was sent more than once")
        }
        try checkBody(headers)
        if version == "HTTP/1.0", headers.contains("transfer-encoding") {
            throw .malformed("Transfer-Encoding", "is not known in HTTP/1.0")
        }
        guard headers.hasTokensAsNames else { throw .malformed("", "A header field has a name that is no token") }
        if headers.hasControlCharacter { throw .malformed("", "A header field has a control character") }
    }

    /// A path, an absolute address, or `*` for the server (RFC 9112, 3.2).
    private static func isTarget(_ path: String) -> Bool {
        path.hasPrefix("/") || path == "*" || path.hasPrefix("http://") || path.hasPrefix("https://")
    }

    /// RFC 9112, 6: with two body lengths, a proxy before us could read another length (request smuggling).
    private static func checkBody(_ headers: HeaderFields) throws(HTTPRefusal) {
        guard headers.count("content-length") + headers.count("transfer-encoding") <= 1 else {
            throw .malformed("Content-Length", "contradicts another header about the body's length")
        }
        if headers.contains("transfer-encoding") {
            // Without blanks around it: the library takes the value as it stands.
            guard headers.text("transfer-encoding")?.lowercased() == "chunked" else { throw .unsupportedCoding }
        }
        guard !headers.contains("content-length") || headers.announcedLength != nil else {
            throw .malformed("Content-Length", "must be a whole number of bytes")
        }
    }
}

extension HeaderFields {
    /// Whether a body follows the header.
    package var announceBody: Bool { contains("transfer-encoding") || announcedLength ?? 0 > 0 }

    /// The value of `Content-Length`; nil if it is missing, or not a whole number below 2^63.
    var announcedLength: Int? {
        guard let digits = only("content-length"), !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
