internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// `dashboard version`.
enum VersionCommand {
    static let usage = """
        usage: dashboard version [--json]

        Prints the version of the program; with --json also the newest migration that it knows.
        """

    static func run(_ arguments: [String]) -> Int32 {
        switch arguments {
        case []: print("tracking-dashboard \(Version.current)")
        case ["--json"]:
            var json = JSONWriter()
            json.object { json in
                json.string("version", Version.current)
                json.integer("migration", Migration.all.last?.number)
            }
            print(String(decoding: json.finish().array, as: UTF8.self))
        default: return Command.misunderstood(usage)
        }
        return ExitCode.done
    }
}
