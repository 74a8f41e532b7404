internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP

/// The executable `dashboard`.
@main struct Dashboard {
    static func main() {
        // Writing to a closed connection must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let arguments = CommandLine.arguments.dropFirst()
        let code = run(Array(arguments))
        // Report failed output: it may have been a secret that is shown only once.
        guard fflush(nil) == 0 else {
            Terminal.complain("could not write the output: \(SystemError("write"))")
            exit(max(code, ExitCode.failed))
        }
        exit(code)
    }

    /// - Returns: the exit code.
    private static func run(_ arguments: [String]) -> Int32 {
        let first = arguments.first ?? "serve"
        let name = first == "--version" ? "version" : first
        if ["help", "--help", "-h"].contains(name) { return help(Array(arguments.dropFirst())) }
        guard let command = Command.all.first(where: { $0.name == name }) else {
            return Command.misunderstood("not understood: \(arguments.joined(separator: " "))\n\n\(Command.usage)")
        }
        let rest = Array(arguments.dropFirst())
        if rest.contains("--help") || rest.contains("-h") { return help([command.name]) }
        return command.run(rest)
    }

    private static func help(_ arguments: [String]) -> Int32 {
        guard let name = arguments.first else {
            print(Command.usage)
            return ExitCode.done
        }
        guard let command = Command.all.first(where: { $0.name == name }) else {
            return Command.misunderstood(Command.usage)
        }
        print(command.usage)
        return ExitCode.done
    }
}
