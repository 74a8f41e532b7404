internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A bot's request signature: three headers, made with an API key.
///
/// The signature is HMAC-SHA256 in hexadecimal, keyed with the secret as it was shown, over four lines: the timestamp,
/// the method, the path and query (both as sent), and the SHA-256 of the body in hexadecimal.
struct BotSignature {
    static let keyHeader: StaticString = "dashboard-key"
    static let timestampHeader: StaticString = "dashboard-timestamp"
    static let signatureHeader: StaticString = "dashboard-signature"
    /// Maximum clock difference, in milliseconds: five minutes.
    ///
    /// Timestamps are in milliseconds, so that the same request can be sent twice in a second.
    static let window: Int64 = 300_000

    let publicID: String
    let timestamp: Int64
    let code: [UInt8]

    /// - Throws: `unsigned` that names the missing or invalid header, or the clock difference.
    init(_ request: Request, now: Timestamp) throws(Rejection) {
        publicID = try Self.header(Self.keyHeader, request)
        let time = try Self.header(Self.timestampHeader, request)
        let signature = try Self.header(Self.signatureHeader, request)
        guard NewAPIKey.isPublicID(publicID) else {
            throw .unsigned("Dashboard-Key must be the id of an API key: tdk_ and 16 letters and digits.")
        }
        guard let sent = WholeNumber.parse(time) else {
            throw .unsigned("Dashboard-Timestamp must be the milliseconds since 1970, as a whole number.")
        }
        // Hex is lower case elsewhere, so that equal bytes have equal texts; here only the bytes count.
        guard let bytes = Hex.decode(signature.lowercased()), bytes.count == 32 else {
            throw .unsigned("Dashboard-Signature must be 64 hexadecimal digits.")
        }
        let here = now.microseconds / 1_000
        let (off, isOverflow) = sent.subtractingReportingOverflow(here)
        guard !isOverflow, (-Self.window...Self.window).contains(off) else {
            throw .unsigned(
                "Dashboard-Timestamp must be within five minutes of the server's time, which is \(here) milliseconds.")
        }
        timestamp = sent
        code = bytes
    }

    private static func header(_ name: StaticString, _ request: Request) throws(Rejection) -> String {
        guard let text = request.headers.text(name) else {
            throw .unsigned("The header \(name) must be sent exactly once.")
        }
        return text
    }

    /// True if a holder of the secret signed exactly this request.
    func isValid(for request: Request, secret: String) -> Bool {
        isValid(for: request, bodyDigest: Self.digest(of: request), secret: secret)
    }

    /// What is wrong with a signature that is not valid, for the developer of the bot.
    ///
    /// Everything in it was sent with the request, except whether the secret signed the same request without a body.
    func fault(in request: Request, secret: String) -> String {
        if isValid(for: request, bodyDigest: Crypto.sha256([]), secret: secret) {
            return "The signature is of a request without a body. Sign the SHA-256 of the body that is sent."
        }
        return """
            The signature does not match. The secret is not this key's, or what was signed is not what arrived: the \
            timestamp \(timestamp), the method \(request.sentMethod), the path and query, and a body with the SHA-256 \
            \(Hex.encode(Self.digest(of: request))).
            """
    }

    private func isValid(for request: Request, bodyDigest digest: [UInt8], secret: String) -> Bool {
        let lines = [String(timestamp), request.sentMethod, request.target, Hex.encode(digest)]
        let key = AuthenticationKey(Array(secret.utf8))
        return Crypto.areEqual(key.code(for: lines.joined(separator: "\n").utf8), code)
    }

    private static func digest(of request: Request) -> [UInt8] { request.bodyDigest ?? Crypto.sha256(request.body) }
}
