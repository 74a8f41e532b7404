internal import Formats
internal import Glibc
internal import HTTP

/// Which files PostgreSQL's server was started from: an update puts others in their place, and a server that goes on from
/// the old program cannot load the new libraries.
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

    /// The library of PL/pgSQL, as Debian, Red Hat and PostgreSQL's own installation have it beside the programs.
    private static let libraries = ["lib", "lib/postgresql", "lib/pgsql", "lib64/pgsql"].map { "../\($0)/plpgsql.so" }

    /// Nil in the midst of an update, when the program or the library is not there.
    init?(in folder: String) {
        let library = Self.libraries.lazy.compactMap { File("\(folder)/\($0)") }.first
        guard let program = File(folder + "/postgres"), let library else { return nil }
        files = [program, library]
    }
}
