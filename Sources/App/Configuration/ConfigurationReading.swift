internal import Glibc

extension Configuration {
    /// From the environment, and from the file that `ENV_FILE` names.
    ///
    /// - Throws: `Mistakes`, those of the file first.
    static func read(inDemo: Bool = false) throws(Mistakes) -> Configuration {
        let own = Machine.environment
        let file = file(own["ENV_FILE"] ?? "")
        let variables = merged(file.variables, under: own)
        // libpq reads its own variables from the process.
        for (name, value) in variables where name.hasPrefix("PG") { unsafe setenv(name, value, 0) }
        var reader = EnvironmentReader(variables, mistakes: file.mistakes)
        return try Configuration(
            &reader, variables, coreCount: Machine.coreCount, isRoot: geteuid() == 0, inDemo: inDemo)
    }

    private static func file(_ path: String) -> (variables: [String: String], mistakes: [String]) {
        guard !path.isEmpty else { return ([:], []) }
        guard let text = Files.read(path) else {
            return ([:], ["ENV_FILE names a file that cannot be read, is larger than 1 MB, or is not UTF-8: \(path)"])
        }
        let file = EnvironmentFile(text, path: path)
        return (file.variables, file.mistakes)
    }

    /// What is in the environment wins, unless it is empty; there a value and the file of one are the same.
    static func merged(_ file: [String: String], under own: [String: String]) -> [String: String] {
        let own = own.filter { !$0.value.isEmpty }
        let more = file.filter { name, _ in
            let other = name.hasSuffix("_FILE") ? String(name.dropLast(5)) : name + "_FILE"
            return own[name] == nil && own[other] == nil
        }
        return own.merging(more) { own, _ in own }
    }
}
