internal import Formats

/// The parts of a database address, as parsed by libpq.
package struct ConnectionAddress: Sendable {
    /// For PostgreSQL's own programs: libpq's environment variables, which other users of the machine cannot see.
    ///
    /// They include the password.
    package private(set) var environment: [String: String] = [:]
    /// The settings that have no variable, as libpq's `key=value` text.
    ///
    /// It contains no secrets, so it may be a program argument.
    package private(set) var rest = ""
    /// The mistakes that make a connection impossible.
    package let mistakes: [Mistake]
    /// The origin of session settings that only the server can check: libpq's variables, or nil for the address.
    package let checkedByServer: [String?]

    package struct Mistake: Equatable, Sendable {
        /// The invalid libpq variable; nil for the address itself.
        package let variable: String?
        /// The end of a sentence, without any value.
        package let text: String
    }

    /// Nil if the text is not an address.
    package init?(_ text: String) {
        guard let own = ConnectionOption.inText(text) else { return nil }
        for option in own {
            guard let value = option.value else { continue }
            if let variable = option.variable {
                environment[variable] = value
            } else if !option.isSecret {
                rest += "\(option.name)=\(Self.quoted(value)) "
            }
        }
        let settings = EffectiveSettings(text, own: own)
        checkedByServer = settings.checkedByServer
        guard !ConnectionRules.isCutPassword(text) else {
            mistakes = [Mistake(variable: nil, text: ConnectionRules.cutPassword)]
            return
        }
        mistakes =
            ((settings.isServiceKnown ? [] : [ConnectionRules.unknownService])
            + ConnectionRules.breaches(in: settings.values)).map(settings.mistake)
    }

    private static func quoted(_ value: String) -> String {
        "'" + value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "'"
    }
}
