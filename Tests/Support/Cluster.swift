import Formats
internal import Glibc

/// A PostgreSQL server of this test process: in a temporary directory, reached by a socket there, and removed soon
/// after the end of the process, also after a crash.
struct Cluster {
    /// For libpq, as the superuser.
    let address: String

    static func start() -> Cluster {
        let directory = temporaryDirectory()
        let status = unsafe system(script(directory, parent: getpid()))
        guard status == 0 else {
            fatalError("no PostgreSQL server could be started for the tests: is the package postgresql installed?")
        }
        return Cluster(address: "host=\(directory) user=postgres dbname=postgres")
    }

    private static func temporaryDirectory() -> String {
        // Short, since the path of a socket has at most 107 bytes.
        var template = Array("/tmp/dashboard-tests-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe mkdtemp(start) != nil
        }
        precondition(isMade, "no directory can be made in /tmp")
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Runs `initdb` as another user than root, because it refuses root.
    ///
    /// Without fsync: no data has to survive a crash.
    private static func script(_ directory: String, parent: pid_t) -> String {
        """
        exec >/dev/null 2>\(directory)/log
        bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
        [ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
        as=
        if [ "$(id -u)" = 0 ]; then chown postgres '\(directory)'; as='runuser -u postgres --'; fi
        cd '\(directory)'
        $as "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync || exit 1
        $as "$bin/pg_ctl" -D data -l '\(directory)/server-log' -w -o "-c listen_addresses= \\
            -c unix_socket_directories='\(directory)' -c fsync=off -c synchronous_commit=off \\
            -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB" start || exit 1
        setsid sh -c "while kill -0 \(parent); do sleep 0.2; done
            $as '$bin/pg_ctl' -D data -m immediate stop; rm -rf '\(directory)'" </dev/null &
        """
    }
}
