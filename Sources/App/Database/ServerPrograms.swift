internal import Formats
internal import Glibc
internal import HTTP

/// The files that PostgreSQL's server was started from.
///
/// An update replaces them, and a server running the old program cannot load the new libraries.
struct ServerPrograms: Equatable {
    private struct File: Equatable {
        let device: dev_t
        let number: ino_t
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return nil }
            device = status.st_dev
            number = status.st_ino
            size = status.st_size
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        }
    }

    private let files: [File]

    /// The library of PL/pgSQL, relative to the programs in Debian, Red Hat and PostgreSQL's own installation.
    private static let libraries = ["lib", "lib/postgresql", "lib/pgsql", "lib64/pgsql"].map { "../\($0)/plpgsql.so" }

    /// Nil during an update, if the program or the library is missing.
    init?(in folder: String) {
        let library = Self.libraries.lazy.compactMap { File("\(folder)/\($0)") }.first
        guard let program = File(folder + "/postgres"), let library else { return nil }
        files = [program, library]
    }
}
