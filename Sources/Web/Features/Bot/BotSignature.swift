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
        guard let bytes = Hex.decode(signature), bytes.count == 32 else {
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
        let digest = request.bodyDigest ?? Crypto.sha256(request.body)
        let lines = [String(timestamp), request.sentMethod, request.target, Hex.encode(digest)]
        let key = AuthenticationKey(Array(secret.utf8))
        return Crypto.areEqual(key.code(for: lines.joined(separator: "\n").utf8), code)
    }
}
