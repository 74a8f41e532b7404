internal import CLibPQ

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
    /// What no connection could be made with, a sentence's end for each, without any value.
    package let mistakes: [String]

    /// Nil for what is no address.
    ///
    /// Why is not told: libpq's message repeats pieces of it.
    package init?(_ text: String) {
        guard let options = unsafe PQconninfoParse(text, nil) else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var settings: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                settings[unsafe String(cString: keyword)] = unsafe String(cString: value)
                if let variable = unsafe option.pointee.envvar {
                    environment[unsafe String(cString: variable)] = unsafe String(cString: value)
                } else if unsafe !String(cString: option.pointee.dispchar).hasPrefix("*") {
                    rest += "\(unsafe String(cString: keyword))=\(Self.quoted(unsafe String(cString: value))) "
                }
            }
            unsafe option += 1
        }
        let isCut = ConnectionRules.isCutPassword(text)
        mistakes = isCut ? [ConnectionRules.cutPassword] : ConnectionRules.mistakes(in: settings)
    }

    private static func quoted(_ value: String) -> String {
        "'" + value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "'"
    }
}
