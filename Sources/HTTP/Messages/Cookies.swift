internal import Formats

/// The cookies of a request, and the cookies that a response sets.
///
/// A browser also sends cookies of other programs on the same host, with any bytes and any number of times. So cookies
/// are read only by name, and parsed strictly.
package struct Cookies: Sendable {
    /// `__Host-` binds a cookie to this host and https.
    ///
    /// Over http a browser would reject it.
    package struct Names: Sendable {
        package let prefix: String
        package let isSecure: Bool

        package init(isSecure: Bool) {
            self.isSecure = isSecure
            prefix = isSecure ? "__Host-" : ""
        }

        package var access: String { prefix + "dashboard_access" }
        package var refresh: String { prefix + "dashboard_refresh" }
        /// Binds a sign-in in progress to this browser.
        package var signIn: String { prefix + "dashboard_sign_in" }
    }

    private var pairs: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []

    /// Several `Cookie` headers count as one: HTTP/2 splits them (RFC 9113, 8.2.3), and some proxies do not join them
    /// again.
    package init(_ headers: HeaderFields) {
        for header in headers.values("cookie") {
            for pair in header.split(separator: UInt8(ascii: ";")) {
                guard let mark = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
                pairs.append((Self.trimmed(pair[..<mark]), Self.trimmed(pair[(mark + 1)...])))
            }
        }
    }

    /// Trims spaces and tabs (RFC 6265, 5.2).
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }

    /// The value of one of our cookies.
    ///
    /// - Throws: `malformed` if it came twice: one of them may be from another program, and a sign-out that took neither would
    ///   look done.
    package func value(_ name: String) throws(HTTPRefusal) -> Substring? {
        let found = pairs.filter { $0.name.elementsEqual(name.utf8) }
        guard found.count < 2 else { throw .malformed("Cookie", "\(name) came more than once") }
        return found.first.map { Substring(decoding: $0.value, as: UTF8.self) }
    }

    /// A `Set-Cookie` value: for this host only, not readable by scripts, not sent with cross-site forms.
    ///
    /// The value contains only base64url characters and dots. `seconds: 0` deletes the cookie.
    package static func set(_ name: String, _ value: String, seconds: Int, isSecure: Bool) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }
}
