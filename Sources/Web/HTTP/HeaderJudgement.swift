internal import Domain

/// An error in a request's header, found before the site is called.
struct HeaderJudgement: Error {
    let rejection: Rejection

    /// `isStrict`: every line ends with CR LF, as seen in the library's buffer.
    ///
    /// - Throws: the first error.
    static func check(
        _ request: Request, version: String, isStrict: Bool, limit: Int
    ) throws(HeaderJudgement) {
        let headers = request.headers
        guard isStrict else { throw malformed("", "A header line does not end with CR and LF, or has no name") }
        guard isTarget(request.path) else { throw malformed("", "The request target must be a path") }
        guard headers.size <= limit else { throw Self(rejection: .headersTooLarge(limit: limit)) }
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            throw malformed("", "The version must be HTTP/1.1 or HTTP/1.0")
        }
        // RFC 9112, 3.2: exactly one `Host` from HTTP/1.1 on.
        let hosts = headers.count("host")
        guard hosts == 1 || (hosts == 0 && version == "HTTP/1.0") else {
            throw malformed("Host", hosts == 0 ? "is missing" : "was sent more than once")
        }
        try checkBody(headers)
        if headers.hasControlCharacter { throw malformed("", "A header field has a control character") }
    }

    /// A path, an absolute address, or `*` for the server (RFC 9112, 3.2).
    private static func isTarget(_ path: String) -> Bool {
        path.hasPrefix("/") || path == "*" || path.hasPrefix("http://") || path.hasPrefix("https://")
    }

    /// RFC 9112, 6: with two body lengths, a proxy before us could read another length (request smuggling).
    private static func checkBody(_ headers: HeaderFields) throws(HeaderJudgement) {
        guard headers.count("content-length") + headers.count("transfer-encoding") <= 1 else {
            throw malformed("Content-Length", "contradicts another header about the body's length")
        }
        if headers.contains("transfer-encoding") {
            guard headers.text("transfer-encoding")?.lowercased() == "chunked" else {
                throw Self(rejection: .unsupportedCoding)
            }
        }
        guard !headers.contains("content-length") || headers.announcedLength != nil else {
            throw malformed("Content-Length", "must be a whole number of bytes")
        }
    }

    private static func malformed(_ name: String, _ words: String) -> Self {
        Self(rejection: .malformed(.init(name, words)))
    }
}

extension HeaderFields {
    /// The value of `Content-Length`; nil if it is missing, or not a whole number below 2^63.
    var announcedLength: Int? {
        guard let digits = only("content-length"), !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// True if a body may follow.
    var announceBody: Bool { announcedLength.map { $0 > 0 } ?? contains("transfer-encoding") }
}
