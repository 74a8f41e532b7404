internal import Domain
internal import Formats
internal import HTTP

extension DiscordClient {
    /// The status decides first, because Cloudflare may send any status with HTML instead of JSON.
    static func read(_ answer: HTTPSClient.Incoming) throws(DiscordFailure) -> JSONValue {
        let body = try? JSONParser.parse(answer.body)
        switch answer.status {
        case 200..<300:
            guard let body else { throw .unavailable("a response that is not JSON") }
            return body
        case 429:
            let seconds = body?["retry_after"]?.double ?? answer.headers["retry-after"].flatMap(Double.init) ?? 30
            // Clamp before the conversion: some numbers would not fit, and some are not positive.
            throw .rateLimited(seconds: seconds >= 0 ? Int(min(3_600, max(1, seconds)).rounded(.up)) : 30)
        case 400, 401:
            switch body?["error"]?.string {
            case "invalid_client", "unauthorized_client": throw .wrongApplication
            case "invalid_grant", "invalid_request": throw .refused
            case let error? where answer.status == 400: throw .unavailable("status 400, \(error.prefix(40))")
            default: throw Self.refusal(answer.status, body)
            }
        case 403: throw Self.refusal(answer.status, body)
        default: throw .unavailable("status \(answer.status)")
        }
    }

    /// Only Discord's own error code counts as invalid.
    ///
    /// An error page of Cloudflare, or its code 40333, does not mean that the token is invalid.
    private static func refusal(_ status: Int, _ body: JSONValue?) -> DiscordFailure {
        guard let body, body["code"] != nil || body["error"] != nil, body["code"]?.int64 != 40_333, status != 400
        else { return .unavailable("status \(status)") }
        return .refused
    }

    /// HTTP Basic (RFC 7617) uses standard Base64 with padding.
    static func basic(_ credentials: String) -> String {
        let text = Base64URL.encode(Array(credentials.utf8)).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return "Basic " + String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }
}
