internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP

/// Finds PostgreSQL's programs.
enum PostgreSQLPrograms {
    struct Missing: Error, CustomStringConvertible {
        let program: String
        let version: Int
        let found: [Int]

        var description: String {
            let others =
                found.isEmpty ? "" : " (found only \(found.map(String.init).joined(separator: ", ")))"
            return """
                \(program) of PostgreSQL \(version) or newer was not found\(others). \
                Install it (Debian, Ubuntu: apt-get install postgresql-client-\(version))
                """
        }
    }

    /// Folders by version, newest first, then folders of any version.
    private static let folders: [(version: Int?, path: String)] = {
        let byVersion = (13...30).reversed().flatMap { (version: Int) -> [(version: Int?, path: String)] in
            [(version, "/usr/lib/postgresql/\(version)/bin"), (version, "/usr/pgsql-\(version)/bin")]
        }
        return byVersion + ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"].map { (nil, $0) }
    }()

    /// The folder of the newest version that has all of these.
    static func newest(with programs: [String]) -> String? {
        folders.map(\.path).first { folder in programs.allSatisfy { Files.exists("\(folder)/\($0)") } }
    }

    /// A program of that version, or of the next newer one.
    ///
    /// - Throws: `Missing`.
    static func find(_ program: String, from version: Int) throws(Missing) -> String {
        let found = folders.filter { Files.exists("\($0.path)/\(program)") }.compactMap { known, folder in
            let path = "\(folder)/\(program)"
            return (known ?? self.version(of: path)).map { (version: $0, path: path) }
        }
        guard let best = found.filter({ $0.version >= version }).min(by: { $0.version < $1.version }) else {
            throw Missing(program: program, version: version, found: Set(found.map(\.version)).sorted())
        }
        return best.path
    }

    /// Parses the version output, for example `pg_dump (PostgreSQL) 15.4`.
    private static func version(of program: String) -> Int? {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        defer { close(ends[0]) }
        let started = try? ChildProcess.start(
            program, ["--version"], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"], standardOutput: ends[1])
        close(ends[1])
        guard let started else { return nil }
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = unsafe read(ends[0], &bytes, bytes.count)
        guard started.wait() == 0, count > 0 else { return nil }
        let words = String(decoding: bytes.prefix(count), as: UTF8.self).split { $0 == " " || $0 == "\n" }
        return words.firstIndex(of: "(PostgreSQL)").flatMap { index in
            words.dropFirst(index + 1).first?.split(separator: ".").first.flatMap { Int($0.prefix { $0.isNumber }) }
        }
    }
}
