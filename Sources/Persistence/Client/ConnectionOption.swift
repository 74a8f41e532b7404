internal import CLibPQ
internal import Formats
internal import Glibc

/// One of libpq's settings, as libpq lists them.
struct ConnectionOption {
    let name: String
    /// The environment variable used if the address does not set the option.
    let variable: String?
    let value: String?
    /// True if libpq marks it as secret.
    let isSecret: Bool

    /// The options in the text; nil if it is not an address.
    ///
    /// libpq's error message is not reported, because it repeats parts of the text.
    static func inText(_ text: String) -> [ConnectionOption]? {
        guard let first = unsafe PQconninfoParse(text, nil) else { return nil }
        return unsafe list(first)
    }

    /// The effective options: those of the text, its service, libpq's variables, and the defaults.
    ///
    /// Nil if no service file has the service. libpq reads service files only while connecting. We start a connection
    /// with an invalid `channel_binding`, so that it reads them and then fails.
    static func merged(_ text: String) -> [ConnectionOption]? {
        let connection = unsafe failingConnection(text)
        defer { unsafe PQfinish(connection) }
        guard let first = unsafe PQconninfo(connection) else { return nil }
        let options = unsafe list(first)
        // The option is listed if libpq got as far as reading it; a missing service stops it before.
        return options.contains { $0.name == failingSetting && $0.value != nil } ? options : nil
    }

    static let failingSetting = "channel_binding"

    private static func failingConnection(_ text: String) -> OpaquePointer? {
        unsafe "dbname".withCString { address in
            unsafe failingSetting.withCString { failingSetting in
                unsafe text.withCString { text in
                    unsafe "none of them".withCString { value in
                        unsafe PQconnectStartParams([address, failingSetting, nil], [text, value, nil], 1)
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

    /// The current value of the variable.
    var environment: String? { variable.flatMap { name in unsafe getenv(name).map { unsafe String(cString: $0) } } }
}
