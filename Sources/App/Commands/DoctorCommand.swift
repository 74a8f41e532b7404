internal import Web

/// `dashboard doctor`: looks at everything that the service needs, changes nothing, and says what to do.
enum DoctorCommand {
    /// - Returns: 0 when nothing is wrong, else 1.
    static func run(isJSON: Bool) -> Int32 {
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
