internal import Formats

/// What an address of a database is made of, as libpq takes it apart.
package struct ConnectionAddress: Sendable {
    /// For PostgreSQL's own programs: libpq's variables, which other people of the machine cannot see.
    ///
    /// They hold the password.
    package private(set) var environment: [String: String] = [:]
    /// The settings that have no variable, in libpq's `key=value` text.
    ///
    /// Without secrets, so it may be an argument of a program.
    package private(set) var rest = ""
    /// What no connection could be made with.
    package let mistakes: [Mistake]
    /// What says something about the sessions themselves: libpq's variables, or nil for the address.
    package let judgedByServer: [String?]

    package struct Mistake: Equatable, Sendable {
        /// Which of libpq's variables is wrong; nil for the address itself.
        package let variable: String?
        /// A sentence's end, without any value.
        package let text: String
    }

    /// Nil for what is no address.
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
        judgedByServer = settings.judgedByServer
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
