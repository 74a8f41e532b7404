package import Domain

/// The cookies of a request, read strictly, and the cookies that an answer sets.
package struct Cookies: Sendable {
    /// `__Host-` binds a cookie to this host and https; over http a browser would refuse it.
    package struct Names: Sendable {
        let prefix: String
        let isSecure: Bool

        package init(isSecure: Bool) {
            self.isSecure = isSecure
            prefix = isSecure ? "__Host-" : ""
        }

        var access: String { prefix + "dashboard_access" }
        var refresh: String { prefix + "dashboard_refresh" }
        /// Binds a sign-in that is under way to this browser.
        var signIn: String { prefix + "dashboard_sign_in" }
    }

    private var pairs: [(name: Substring, value: Substring)] = []

    /// - Throws: `malformed` for two `Cookie` headers, or bytes that are not UTF-8.
    package init(_ headers: HeaderFields) throws(Rejection) {
        guard headers.contains("cookie") else { return }
        guard let text = headers.text("cookie") else {
            throw .malformed(.init("Cookie", "must be one header of UTF-8"))
        }
        for pair in text.utf8.split(separator: UInt8(ascii: ";")) {
            let pair = Substring(pair.drop { $0 == UInt8(ascii: " ") })
            let parts = pair.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            pairs.append((Substring(parts[0]), Substring(parts[1])))
        }
    }

    /// - Throws: `malformed` when the cookie came twice: one of them may be somebody else's.
    package func value(_ name: String) throws(Rejection) -> Substring? {
        var found: Substring?
        for pair in pairs where pair.name == name {
            if found != nil { throw .malformed(.init("Cookie", "\(name) came more than once")) }
            found = pair.value
        }
        return found
    }

    /// A `Set-Cookie` value: for this host only, out of reach for scripts, not sent with foreign forms.
    ///
    /// The value has base64url letters and dots only; 0 seconds remove the cookie.
    package static func set(_ name: String, _ value: String, seconds: Int, isSecure: Bool) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }
}
