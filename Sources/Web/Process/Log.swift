internal import Domain
package import Formats
internal import Glibc
internal import HTTP
internal import Synchronization

/// The service's log on standard output: a line for each request and each event, JSON or plain text.
///
/// It contains names, numbers and ids. Never log tokens, cookies, codes, e-mail or webhook addresses.
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
    /// Bytes from which the buffer is written without waiting for the loop to be idle.
    private static let fullEnough = 32_768
    /// Maximum bytes buffered while standard output is blocked.
    ///
    /// Further lines are dropped and counted.
    private static let bufferLimit = 1_048_576
    private let lost = Atomic<Int>(0)

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
            guard hasRoom(out) else { return }
            begin(level, &out)
            member("message", message, &out)
            for (name, value) in fields { member(name, value, &out) }
            end(&out)
            drain(&out)
        }
    }

    func request(
        id: String, method: String, route: String, status: Int, microseconds: Int64, client: IPAddress, user: Int64?,
        trace: TraceParent? = nil
    ) {
        guard level <= .info else { return }
        buffer.withLock { out in
            guard hasRoom(out) else { return }
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
            if out.count > Self.fullEnough { drain(&out) }
        }
    }

    /// Writes the buffer.
    ///
    /// Loops call it when they are idle.
    package func flush() {
        buffer.withLock { out in if out.count > 0 { drain(&out) } }
    }

    private func hasRoom(_ out: borrowing ByteWriter) -> Bool {
        if out.count < Self.bufferLimit { return true }
        lost.add(1, ordering: .relaxed)
        return false
    }

    private func drain(_ out: inout ByteWriter) {
        out.drain(writeOut)
        guard out.count == 0 else { return }
        let lost = lost.exchange(0, ordering: .relaxed)
        guard lost > 0 else { return }
        begin(.warning, &out)
        member("message", "nobody read the log for a while, and lines were lost", &out)
        member("lines", Int64(lost), &out)
        end(&out)
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
        // Quoted in both formats, so that user input cannot start a line.
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

/// Writes as much as standard output takes at once: a slow reader must not block the service.
private func writeOut(_ bytes: Span<UInt8>) -> Int {
    var start = 0
    while start < bytes.count {
        var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&output, 1, 0) > 0 else { return start }
        // A pipe that is ready takes this many bytes without blocking.
        let count = min(Int(PIPE_BUF), bytes.count - start)
        let written = unsafe bytes.withUnsafeBytes { buffer in
            unsafe write(STDOUT_FILENO, buffer.baseAddress.map { unsafe $0 + start }, count)
        }
        // Standard output is closed: drop the bytes.
        guard written > 0 else { return bytes.count }
        start += written
    }
    return start
}

extension Timestamp {
    /// The system's wall clock.
    package static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
