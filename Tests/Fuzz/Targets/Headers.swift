@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    /// Headers that are read by a grammar of their own: all of them get the same lines.
    static let headers = FuzzTarget("headers") { bytes in
        var input = Input(bytes)
        let names = ["traceparent", "if-match", "accept-encoding", "content-length", "user-agent", "origin"]
        let lines = input.lines()
        for name in names {
            let fields = HeaderFields(lines.map { (name, text($0)) })
            check(fields.size == lines.reduce(0) { $0 + text($1).utf8.count + name.utf8.count }, "sizes are counted")
            inspect(fields)
        }
        sign(lines)
        for line in lines {
            check(DeviceName.describe(text(line)).unicodeScalars.count <= 60, "a device's name is short")
        }
    }

    private static func inspect(_ fields: HeaderFields) {
        if let trace = TraceParent(fields) {
            let digits = (trace.trace + trace.parent).utf8
            check(digits.count == 48 && digits.allSatisfy { $0.hexValue != nil }, "a trace parent has digits only")
        }
        let request = Request(.get, path: "/", headers: fields, id: "1")
        do throws(Rejection) {
            let wanted = try IfMatch(request)
            if case .versions(let versions) = wanted {
                check(wanted.matches(1) == versions.contains(1), "the named versions match, and no others")
            }
        } catch {
            switch error {
            case .malformed, .preconditionRequired: break
            default: fatalError("If-Match is refused as \(error)")
            }
        }
        if fields.acceptsGzip { check(fields.count("accept-encoding") == 1, "gzip is accepted by one header") }
        _ = (fields.announcedLength, fields.hasControlCharacter, request.isSent(from: "https://a"))
        _ = try? HeaderJudgement.check(request, version: "HTTP/1.1", isStrict: true, limit: 16_384)
    }

    private static func sign(_ lines: [[UInt8]]) {
        var fields: [(String, String)] = []
        for (name, line) in zip(["dashboard-key", "dashboard-timestamp", "dashboard-signature"], lines) {
            fields.append((name, text(line)))
        }
        let request = Request(.post, path: "/", headers: HeaderFields(fields), id: "1")
        let now = Timestamp(seconds: 1_800_000_000)
        guard let signature = try? BotSignature(request, now: now) else { return }
        check(signature.code.count == 32, "a signature has 32 bytes")
        check(abs(signature.timestamp - 1_800_000_000_000) <= BotSignature.window, "a signature's time is now")
        check(!signature.isValid(for: request, secret: "secret"), "no invented signature holds")
    }
}
