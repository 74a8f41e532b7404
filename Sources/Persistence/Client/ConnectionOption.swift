internal import CLibPQ
internal import Formats
internal import Glibc

/// One of libpq's settings, as libpq lists them.
struct ConnectionOption {
    let name: String
    /// The variable of the environment that counts where the address does not say it.
    let variable: String?
    let value: String?
    /// Whether libpq itself would not show it.
    let isSecret: Bool

    /// As the text has them; nil for what is no address.
    ///
    /// Why is not told: libpq's message repeats pieces of it.
    static func inText(_ text: String) -> [ConnectionOption]? {
        guard let first = unsafe PQconninfoParse(text, nil) else { return nil }
        return unsafe list(first)
    }

    /// As a connection would have them: the text's, then those of its service, of libpq's variables, and the defaults.
    ///
    /// Nil where no file has the service. Only libpq knows its files, and it reads them for a connection only: a setting
    /// that it cannot know keeps this one from being made.
    static func merged(_ text: String) -> [ConnectionOption]? {
        let connection = unsafe unmade(text)
        defer { unsafe PQfinish(connection) }
        guard let first = unsafe PQconninfo(connection) else { return nil }
        let options = unsafe list(first)
        // What libpq has read it lists; a service that is missing ends it before.
        return options.contains { $0.name == obstacle && $0.value != nil } ? options : nil
    }

    static let obstacle = "channel_binding"

    private static func unmade(_ text: String) -> OpaquePointer? {
        unsafe "dbname".withCString { address in
            unsafe obstacle.withCString { obstacle in
                unsafe text.withCString { text in
                    unsafe "none of them".withCString { value in
                        unsafe PQconnectStartParams([address, obstacle, nil], [text, value, nil], 1)
                    }
                }
            }
        }
    }

    private static func list(_ first: UnsafeMutablePointer<PQconninfoOption>) -> [ConnectionOption] {
        defer { unsafe PQconninfoFree(first) }
        var list: [ConnectionOption] = []
        var option = unsafe first
        while let name = unsafe option.pointee.keyword {
            list.append(
                ConnectionOption(
                    name: unsafe String(cString: name),
                    variable: unsafe option.pointee.envvar.map { unsafe String(cString: $0) },
                    value: unsafe option.pointee.val.map { unsafe String(cString: $0) },
                    isSecret: unsafe String(cString: option.pointee.dispchar).hasPrefix("*")))
            unsafe option += 1
        }
        return list
    }

    /// What the variable holds now.
    var environment: String? { variable.flatMap { name in unsafe getenv(name).map { unsafe String(cString: $0) } } }
}
