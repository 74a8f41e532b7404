package import Domain
internal import Glibc
internal import Synchronization

/// The service's log on standard output: a line for each request and each event, JSON or plain text.
///
/// It is given names, numbers and ids. Tokens, cookies, codes, e-mail and webhook addresses never get here.
package final class Log: Sendable {
    package enum Level: Int, Sendable, Comparable {
        case debug, info, warning, error

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        var name: StaticString {
            switch self {
            case .debug: "debug"
            case .info: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }
    }
    package enum Format: String, Sendable { case json, text }

    private let level: Level
    private let format: Format
    private let buffer = Mutex(ByteWriter(capacity: 65_536))
    /// Bytes after which a line is not left waiting for the loop's next idle moment.
    private static let fullEnough = 32_768

    package init(level: Level, format: Format) {
        self.level = level
        self.format = format
    }

    package func info(_ message: String, _ fields: [(StaticString, String)] = []) { event(.info, message, fields) }
    package func warning(_ message: String, _ fields: [(StaticString, String)] = []) {
        event(.warning, message, fields)
    }
    package func error(_ message: String, _ fields: [(StaticString, String)] = []) { event(.error, message, fields) }

    private func event(_ level: Level, _ message: String, _ fields: [(StaticString, String)]) {
        guard level >= self.level else { return }
        buffer.withLock { out in
            begin(level, &out)
            member("message", message, &out)
            for (name, value) in fields { member(name, value, &out) }
            end(&out)
            out.drain(writeOut)
        }
    }

    func request(
        id: String, method: String, route: String, status: Int, microseconds: Int64, client: IPAddress, user: Int64?,
        trace: TraceParent? = nil
    ) {
        guard level <= .info else { return }
        buffer.withLock { out in
            begin(.info, &out)
            member("request", id, &out)
            member("method", method, &out)
            member("route", route, &out)
            member("status", Int64(status), &out)
            member("microseconds", microseconds, &out)
            member("client", client.description, &out)
            if let user { member("user", String(user), &out) }
            if let trace {
                member("traceId", trace.trace, &out)
                member("parentId", trace.parent, &out)
            }
            end(&out)
            if out.count > Self.fullEnough { out.drain(writeOut) }
        }
    }

    /// Writes what was gathered.
    ///
    /// Loops call it when they have nothing else to do.
    package func flush() {
        buffer.withLock { out in if out.count > 0 { out.drain(writeOut) } }
    }

    // MARK: Lines

    private func begin(_ level: Level, _ out: inout ByteWriter) {
        if format == .json {
            out.literal(#"{"time":"#)
            out.time(.now)
            out.literal(#","level":""#)
            out.literal(level.name)
            out.literal("\"")
        } else {
            out.plainTime(.now)
            out.literal(" ")
            out.literal(level.name)
        }
    }

    private func member(_ name: StaticString, _ value: String, _ out: inout ByteWriter) {
        out.literal(format == .json ? ",\"" : " ")
        out.literal(name)
        out.literal(format == .json ? "\":" : "=")
        // Quoted in both formats, so that no text from outside can begin a line of its own.
        out.json(value)
    }

    private func member(_ name: StaticString, _ value: Int64, _ out: inout ByteWriter) {
        out.literal(format == .json ? ",\"" : " ")
        out.literal(name)
        out.literal(format == .json ? "\":" : "=")
        out.integer(value)
    }

    private func end(_ out: inout ByteWriter) { out.literal(format == .json ? "}\n" : "\n") }
}

private func writeOut(_ bytes: Span<UInt8>) {
    var start = 0
    while start < bytes.count {
        let written = unsafe bytes.withUnsafeBytes { buffer in
            unsafe write(STDOUT_FILENO, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
        }
        // A closed or full standard output must not stop the service.
        guard written > 0 else { return }
        start += written
    }
}

extension Timestamp {
    /// The system's wall clock.
    package static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
