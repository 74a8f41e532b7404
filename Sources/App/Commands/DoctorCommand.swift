internal import Formats
internal import HTTP
internal import Web

/// `dashboard doctor`: checks everything that the service needs without changing it, and suggests remedies.
enum DoctorCommand {
    static let usage = """
        usage: dashboard doctor [--json]

        Looks at configuration, data directory, database, migrations, clock, roles and row-level security, and whether
        Discord can be reached and takes the client id and secret. Changes nothing. The exit code is 0 when nothing has
        to be mended, 78 when the configuration is wrong, else 1.
        """

    /// - Returns: 0 if all is well, 64 for a wrong command, 78 for an invalid configuration, else 1.
    static func run(_ arguments: [String]) -> Int32 {
        guard arguments.isEmpty || arguments == ["--json"] else { return Command.misunderstood(usage) }
        let isJSON = !arguments.isEmpty
        let (findings, code) = examine()
        let isHealthy = !findings.contains { $0.health == .bad }
        print(isJSON ? json(findings, isHealthy) : text(findings, isHealthy))
        return isHealthy ? ExitCode.done : code
    }

    /// The findings, and the exit code if one of them is bad.
    private static func examine() -> ([Finding], Int32) {
        do {
            return (findings(try Configuration.read()), ExitCode.failed)
        } catch {
            let findings = error.list.map {
                Finding.bad("configuration", $0, "docs/configuration.md has a table of all variables.")
            }
            return (findings + hints(error.hints), ExitCode.wrongConfiguration)
        }
    }

    private static func findings(_ configuration: Configuration) -> [Finding] {
        let mode = configuration.isDemo ? "demo mode" : configuration.origin
        return [.good("configuration", mode)]
            + hints(configuration.warnings)
            + MachineExamination(configuration: configuration).findings()
            + DatabaseExamination(configuration: configuration).findings()
            + DiscordExamination(configuration: configuration).findings()
    }

    private static func hints(_ lines: [String]) -> [Finding] {
        lines.map { .warning("configuration", $0, "Unknown names have no effect.") }
    }

    private static func text(_ findings: [Finding], _ isHealthy: Bool) -> String {
        let end = isHealthy ? "no problems found" : "problems: \(findings.count { $0.health == .bad })"
        return (findings.map(\.line) + [end]).joined(separator: "\n")
    }

    private static func json(_ findings: [Finding], _ isHealthy: Bool) -> String {
        var json = JSONWriter()
        json.object { json in
            json.boolean("healthy", isHealthy)
            json.array("findings", findings) { json, finding in finding.write(to: &json) }
        }
        return String(decoding: json.finish().array, as: UTF8.self)
    }
}
