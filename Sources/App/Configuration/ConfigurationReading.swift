internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence

extension Configuration {
    /// Reads the environment, and the file that `ENV_FILE` names.
    ///
    /// - Throws: `Mistakes`, those of the file first.
    static func read(for use: Use = .commands) throws(Mistakes) -> Configuration {
        let own = Machine.environment
        let garbled = Machine.garbledVariables
        let file = file(own["ENV_FILE"] ?? "", isGarbled: garbled.contains("ENV_FILE"))
        let variables = merged(file.variables, under: own)
        // libpq reads its own variables from the process.
        for (name, value) in variables where name.hasPrefix("PG") { unsafe setenv(name, value, 0) }
        var reader = EnvironmentReader(variables, garbled: garbled, mistakes: file.mistakes)
        let configuration = try Configuration(
            &reader, variables, coreCount: Machine.coreCount, isRoot: geteuid() == 0, for: use,
            warnings: unknownNames(in: file.variables) + unknownNames(inEnvironment: own))
        if let address = configuration.databaseAddress {
            try needTakenSettings(address, configuration.warnings)
        } else {
            // They are for another database than the service's own.
            for name in Machine.environment.keys where name.hasPrefix("PG") { unsafe unsetenv(name) }
        }
        return configuration
    }

    /// Some settings only the server can check, so it is tried before anything is created.
    ///
    /// If the server is unreachable, the check is skipped.
    private static func needTakenSettings(_ address: String, _ hints: [String]) throws(Mistakes) {
        let places = ConnectionAddress(address)?.checkedByServer.map { $0 ?? "DATABASE_URL" } ?? []
        let settings = ConnectionSettings(address: address, role: .login, name: "tracking-dashboard check")
        guard !places.isEmpty, let state = BlockingConnection.refusedSetting(settings) else { return }
        throw Mistakes(
            list: ["\(places.joined(separator: " or ")) has an option that the database refuses (SQLSTATE \(state))"],
            hints: hints)
    }

    private static func file(
        _ path: String, isGarbled: Bool
    ) -> (variables: [String: String], mistakes: [String]) {
        guard !path.isEmpty else { return ([:], []) }
        // The path is shown in messages, which are single lines.
        guard !isGarbled, path.unicodeScalars.allSatisfy({ $0.properties.generalCategory.isShown }) else {
            return ([:], ["ENV_FILE must be a path in UTF-8 without control characters"])
        }
        guard let text = Files.read(path) else {
            return ([:], ["ENV_FILE names a file that cannot be read, is larger than 1 MB, or is not UTF-8: \(path)"])
        }
        let file = EnvironmentFile(text, path: path)
        return (file.variables, file.mistakes)
    }

    /// The environment overrides the file, unless its value is empty.
    ///
    /// `NAME` and `NAME_FILE` override each other.
    static func merged(_ file: [String: String], under own: [String: String]) -> [String: String] {
        let own = own.filter { !$0.value.isEmpty }
        let more = file.filter { name, _ in
            let other = name.hasSuffix("_FILE") ? String(name.dropLast(5)) : name + "_FILE"
            return own[name] == nil && own[other] == nil
        }
        return own.merging(more) { own, _ in own }
    }

    /// Warnings about unknown names of the file that are close to a known one.
    ///
    /// Unknown names that resemble none are ignored, because other programs may use them.
    static func unknownNames(in file: [String: String]) -> [String] {
        file.keys.sorted().compactMap { name in
            Variable.nearest(to: name).map { "ENV_FILE sets \(name), which is not a known variable: is \($0) meant?" }
        }
    }

    /// The same for the environment, but only for names with the first word of a known one.
    static func unknownNames(inEnvironment own: [String: String]) -> [String] {
        own.filter { !$0.value.isEmpty && Variable.beginsAsOne($0.key) }.keys.sorted().compactMap { name in
            Variable.nearest(to: name).map { "\(name) is set, which is not a known variable: is \($0) meant?" }
        }
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isShown: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        default: true
        }
    }
}
