internal import Formats

/// The cookies of a request, and the cookies that an answer sets.
///
/// A browser sends the cookies of other programs on the same host along, with any bytes and any number of times. So only
/// those are read that are asked for by name, and these strictly.
package struct Cookies: Sendable {
    /// `__Host-` binds a cookie to this host and https; over http a browser would refuse it.
    package struct Names: Sendable {
        package let prefix: String
        package let isSecure: Bool

        package init(isSecure: Bool) {
            self.isSecure = isSecure
            prefix = isSecure ? "__Host-" : ""
        }

        package var access: String { prefix + "dashboard_access" }
        package var refresh: String { prefix + "dashboard_refresh" }
        /// Binds a sign-in that is under way to this browser.
        package var signIn: String { prefix + "dashboard_sign_in" }
    }

    private var pairs: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []

    /// Several `Cookie` headers count as one: HTTP/2 splits them (RFC 9113, 8.2.3), and not each proxy joins them again.
    package init(_ headers: HeaderFields) {
        for header in headers.values("cookie") {
            for pair in header.split(separator: UInt8(ascii: ";")) {
                guard let mark = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
                pairs.append((Self.trimmed(pair[..<mark]), Self.trimmed(pair[(mark + 1)...])))
            }
        }
    }

    /// Without the blanks and tabs around it (RFC 6265, 5.2).
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }

    /// The value of a cookie of ours; bytes that are not UTF-8 are replaced, and so match nothing that we set.
    ///
    /// - Throws: `malformed` if it came twice: one of them may be from another program, and a sign-out that took neither would
    ///   look done.
    package func value(_ name: String) throws(HTTPRefusal) -> Substring? {
        let found = pairs.filter { $0.name.elementsEqual(name.utf8) }
        guard found.count < 2 else { throw .malformed("Cookie", "\(name) came more than once") }
        return found.first.map { Substring(decoding: $0.value, as: UTF8.self) }
    }

    /// A `Set-Cookie` value: for this host only, out of reach for scripts, not sent with foreign forms.
    ///
    /// The value has base64url letters and dots only; 0 seconds remove the cookie.
    package static func set(_ name: String, _ value: String, seconds: Int, isSecure: Bool) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }
}
