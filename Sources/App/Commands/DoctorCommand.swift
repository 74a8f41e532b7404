internal import Web

/// `dashboard doctor`: looks at everything that the service needs, changes nothing, and says what to do.
enum DoctorCommand {
    static let usage = """
        usage: dashboard doctor [--json]

        Looks at configuration, data directory, database, migrations, clock, roles and row-level security, and whether
        Discord can be reached and takes the client id and secret. Changes nothing. The exit code is 0 when nothing has
        to be mended, else 1.
        """

    /// - Returns: 0 when nothing is wrong, 64 for a wrong command, else 1.
    static func run(_ arguments: [String]) -> Int32 {
        guard arguments.isEmpty || arguments == ["--json"] else { return Command.misunderstood(usage) }
        let isJSON = !arguments.isEmpty
        let findings = examine()
        let isHealthy = !findings.contains { $0.health == .bad }
        print(isJSON ? json(findings, isHealthy) : text(findings, isHealthy))
        return isHealthy ? 0 : 1
    }

    private static func examine() -> [Finding] {
        let configuration: Configuration
        do {
            configuration = try Configuration.read()
        } catch {
            return error.list.map { .bad("configuration", $0, "README.md has a table of all variables.") }
        }
        let mode = configuration.isDemo ? "demo mode" : configuration.origin
        return [.good("configuration", mode)]
            + configuration.warnings.map { .warning("configuration", $0, "Names that nothing reads have no effect.") }
            + MachineExamination(configuration: configuration).findings()
            + DatabaseExamination(configuration: configuration).findings()
            + DiscordExamination(configuration: configuration).findings()
    }

    private static func text(_ findings: [Finding], _ isHealthy: Bool) -> String {
        let end = isHealthy ? "nothing is wrong" : "\(findings.count { $0.health == .bad }) to be mended"
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
