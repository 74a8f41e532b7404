internal import Domain
internal import Formats
internal import HTTP

extension DiscordClient {
    /// Behind Cloudflare any status may come with HTML instead of JSON: the status decides first.
    static func read(_ answer: HTTPSClient.Incoming) throws(DiscordFailure) -> JSONValue {
        let body = try? JSONParser.parse(answer.body)
        switch answer.status {
        case 200..<300:
            guard let body else { throw .unavailable("an answer that is not JSON") }
            return body
        case 429:
            let seconds = body?["retry_after"]?.double ?? answer.headers["retry-after"].flatMap(Double.init) ?? 30
            // Limited before it is converted: some numbers would not fit, and some are no wait at all.
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

    /// Only Discord's own word counts as a refusal: a page of Cloudflare's, or its code 40333, says nothing of a token.
    private static func refusal(_ status: Int, _ body: JSONValue?) -> DiscordFailure {
        guard let body, body["code"] != nil || body["error"] != nil, body["code"]?.int64 != 40_333, status != 400
        else { return .unavailable("status \(status)") }
        return .refused
    }

    /// HTTP Basic (RFC 7617), whose Base64 has the other alphabet, and padding.
    static func basic(_ credentials: String) -> String {
        let text = Base64URL.encode(Array(credentials.utf8)).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return "Basic " + String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }
}
