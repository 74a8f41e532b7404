internal import Glibc

/// The executable `dashboard`.
@main struct Dashboard {
    static let version = "0.1.0"

    static func main() {
        // A client that hangs up must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let arguments = CommandLine.arguments.dropFirst()
        exit(run(Array(arguments)))
    }

    /// - Returns: the exit code; 64 for a wrong command, 78 for a wrong configuration, as in `sysexits.h`.
    private static func run(_ arguments: [String]) -> Int32 {
        switch arguments {
        case [], ["serve"]: return ServeCommand.run()
        case ["migrate"]: return MigrateCommand.run(isDryRun: false)
        case ["migrate", "--dry-run"]: return MigrateCommand.run(isDryRun: true)
        case ["doctor"]: return DoctorCommand.run(isJSON: false)
        case ["doctor", "--json"]: return DoctorCommand.run(isJSON: true)
        case ["api-key", "--help"], ["api-key", "-h"]:
            print(APIKeyCommand.usage)
            return 0
        case _ where arguments.first == "api-key": return APIKeyCommand.run(Array(arguments.dropFirst()))
        case ["audit", "--help"], ["audit", "-h"], ["audit", "verify", "--help"]:
            print(AuditCommand.usage)
            return 0
        case _ where arguments.first == "audit": return AuditCommand.run(Array(arguments.dropFirst()))
        case ["version"], ["--version"]:
            print("tracking-dashboard \(version)")
            return 0
        case _ where arguments == ["help"] || arguments.contains("--help") || arguments.contains("-h"):
            print(usage)
            return 0
        default:
            Terminal.complain("not understood: \(arguments.joined(separator: " "))\n\n\(usage)")
            return 64
        }
    }

    private static let usage = """
        usage: dashboard [command]

          serve               run the service (the default)
          migrate [--dry-run] bring the database's schema up to date, or say what that would do
          doctor [--json]     look for what is wrong, and say what to do
          api-key …           make, list, rotate and revoke the keys of bots
          audit verify …      say whether the audit log is as it was written
          version             print the version
          help                print this

        Configuration comes from the environment; see README.md.
        """
}

/// What a person at the terminal reads.
enum Terminal {
    static func complain(_ message: String) {
        let bytes = Array((message + "\n").utf8)
        unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
