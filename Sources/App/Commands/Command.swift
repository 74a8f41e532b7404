internal import Formats
internal import HTTP

/// One command of the program: its name and its function.
struct Command: Sendable {
    let name: String
    /// One line for the list of commands.
    let summary: String
    /// The text of `--help`.
    let usage: String
    /// Takes the arguments after the command's name; returns the exit code.
    let run: @Sendable (_ arguments: [String]) -> Int32

    static let all = [
        Command(
            name: "serve", summary: "run the service (the default)", usage: ServeCommand.usage, run: ServeCommand.run),
        Command(
            name: "demo", summary: "run it in demo mode, whatever is configured for Discord",
            usage: ServeCommand.demoUsage, run: ServeCommand.runDemo),
        Command(
            name: "migrate", summary: "bring the database's schema up to date, or say what that would do",
            usage: MigrateCommand.usage, run: MigrateCommand.run),
        Command(
            name: "doctor", summary: "look for what is wrong, and say what to do", usage: DoctorCommand.usage,
            run: DoctorCommand.run),
        Command(
            name: "backup", summary: "write the database into a file", usage: BackupCommand.usage,
            run: BackupCommand.run),
        Command(
            name: "restore", summary: "bring a backup into an empty database", usage: RestoreCommand.usage,
            run: RestoreCommand.run),
        Command(
            name: "client", summary: "register servers, and list them", usage: ClientCommand.usage,
            run: ClientCommand.run),
        Command(
            name: "api-key", summary: "make, list, rotate and revoke the keys of bots", usage: APIKeyCommand.usage,
            run: APIKeyCommand.run),
        Command(
            name: "audit", summary: "say whether the audit log is as it was written", usage: AuditCommand.usage,
            run: AuditCommand.run),
        Command(
            name: "version", summary: "print the version", usage: VersionCommand.usage, run: VersionCommand.run),
    ]

    /// The overview of all commands.
    static var usage: String {
        let help = ("help", "print this, or with a command how that is called, as --help does")
        let list = (all.map { ($0.name, $0.summary) } + [help]).map { name, summary in
            "  " + name + String(repeating: " ", count: max(1, 10 - name.utf8.count)) + summary
        }.joined(separator: "\n")
        return """
            usage: dashboard [command]

            \(list)

            Configuration comes from the environment, and from the file that ENV_FILE names; see .env.example.
            Exit codes: 0 done, 1 failed, 64 wrong command, 65 wrong file, 66 not there, 75 try again later, 78 wrong
            configuration, 128 and the number of a signal when that stopped a command.
            """
    }
}

extension Command {
    /// Runs `body` with the configuration, and reports errors.
    static func attempt(_ body: (Configuration) throws -> Int32) -> Int32 {
        do {
            return try body(try Configuration.read())
        } catch let mistakes as Configuration.Mistakes {
            Terminal.complain("invalid configuration:\n\(mistakes)")
            return ExitCode.wrongConfiguration
        } catch let missing as CommandDatabase.Missing {
            Terminal.complain("\(missing)")
            return ExitCode.notThere
        } catch {
            Terminal.complain("\(error)")
            return ExitCode.of(error)
        }
    }

    /// Runs `body`, which rolls itself back on failure or on a signal, and reports that it did.
    static func undoing(_ body: (Interruption) throws -> Int32) throws -> Int32 {
        let interruption = Interruption()
        do {
            return try body(interruption)
        } catch {
            guard let exitCode = interruption.exitCode else { throw error }
            let isUndone = !(error is Restore.Leftover)
            Terminal.complain(isUndone ? "\(interruption.reason(error)): rolled back" : "\(error)")
            return exitCode
        }
    }

    static func misunderstood(_ usage: String) -> Int32 {
        Terminal.complain(usage)
        return ExitCode.wrongCommand
    }
}
