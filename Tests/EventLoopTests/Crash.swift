import Domain
import Formats
import EventLoop
import Glibc

/// The work of the processes that a signal ends, and how the test reads their line.
enum Crash {
    /// For a file of this test process.
    static func path(_ name: String) -> String { "/tmp/dashboard-crash-\(getpid())-\(name)" }

    static func begin(_ path: String) throws -> (EventLoop, CrashReport) {
        let report = try CrashReport(at: path, version: "1.2.3")
        let loop = try EventLoop()
        report.watch([loop])
        return (loop, report)
    }

    static func sleep(
        on loop: EventLoop, as work: String, request: String = "", for time: Duration = .seconds(600)
    ) async {
        let slot = loop.underWay.begin(work, request: request)
        await loop.sleep(for: time)
        loop.underWay.end(slot)
    }

    static func fault() {
        let nowhere = unsafe UnsafeMutablePointer<Int>(bitPattern: 8)
        unsafe nowhere?.pointee = 1
    }

    /// Never comes back: each call needs the one below it.
    @inline(never) static func descend(_ depth: Int) -> Int {
        depth > 0 ? descend(depth + 1) &+ descend(depth + 2) : 0
    }

    static func runOnAThread(_ loop: EventLoop) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(loop).toOpaque()
        unsafe pthread_create(&thread, nil, runLoop, context)
    }

    /// The line, whose file is then removed.
    static func line(at path: String) throws -> JSONValue {
        var bytes = [UInt8](repeating: 0, count: 32_768)
        let descriptor = unsafe open(path, O_RDONLY)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        close(descriptor)
        unsafe unlink(path)
        return try JSONParser.parse(Array(bytes.prefix(max(0, count))))
    }
}

private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
