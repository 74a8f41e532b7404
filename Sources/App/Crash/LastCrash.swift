internal import Domain
internal import Formats
internal import Glibc
internal import HTTP

/// The line that the last crash left in the data directory.
///
/// It stays until the next crash replaces it or the operator removes the file. The first start after the crash marks
/// it.
struct LastCrash {
    let time: String
    let signal: String
    let version: String
    /// The work in progress; the running one first.
    let work: [Work]
    /// The work whose task ran on the crashing thread, and the number of consecutive runs that crashed in it.
    let culprit: String?
    let runs: Int
    /// True if a start has reported it.
    let isReported: Bool

    struct Work {
        let name: String
        let request: String?
        let isRunning: Bool

        var description: String { request.map { "\(name) (request \($0))" } ?? name }
    }

    static func path(in dataDirectory: String) -> String { dataDirectory + "/last-crash" }

    private static let mark = "reported"

    /// Nil if there is no file, or it is invalid.
    init?(in dataDirectory: String) {
        guard let lines = Files.read(Self.path(in: dataDirectory))?.split(separator: "\n"), let line = lines.first,
            let json = try? JSONParser.parse(Array(line.utf8)),
            let time = json["time"]?.string, let signal = json["signal"]?.string
        else { return nil }
        self.time = time
        self.signal = signal
        version = json["version"]?.string ?? "?"
        let work = (json["underWay"]?.array ?? []).compactMap(Self.work)
        self.work = work.filter(\.isRunning) + work.filter { !$0.isRunning }
        culprit = json["culprit"]?.string
        runs = Int(clamping: json["runs"]?.int64 ?? 0)
        isReported = lines.dropFirst().contains(Self.mark[...])
    }

    private static func work(_ json: JSONValue) -> Work? {
        guard let name = json["work"]?.string else { return nil }
        return Work(name: name, request: json["request"]?.string, isRunning: json["running"]?.bool ?? false)
    }

    /// Call after a start has reported it.
    static func noteReported(in dataDirectory: String) {
        let descriptor = unsafe open(path(in: dataDirectory), O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let line = Array((mark + "\n").utf8)
        unsafe _ = write(descriptor, line, line.count)
        close(descriptor)
    }

    /// At most three; the file has all.
    var workText: String {
        if work.isEmpty { return "nothing under way" }
        let rest = work.count > 3 ? " and \(work.count - 3) more" : ""
        return work.prefix(3).map(\.description).joined(separator: ", ") + rest + " under way"
    }
}
