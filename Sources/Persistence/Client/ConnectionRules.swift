internal import Formats
internal import Glibc

/// The values that libpq accepts for its settings, but checks only while connecting.
///
/// Source: its manual, "Parameter Key Words", versions 13 to 18.
enum ConnectionRules {
    private static let choices: [String: [String]] = [
        "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        "gssencmode": ["disable", "prefer", "require"],
        "channel_binding": ["disable", "prefer", "require"],
        "target_session_attrs": ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"],
        "ssl_min_protocol_version": ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
        "ssl_max_protocol_version": ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
        "load_balance_hosts": ["disable", "random"],
        "sslcertmode": ["disable", "allow", "require"],
        "sslnegotiation": ["postgres", "direct"],
    ]

    private static let numbers = [
        "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
        "tcp_user_timeout",
    ]

    /// A violated rule: the end of a sentence that begins with the setting's name, without any value.
    struct Breach {
        let setting: String
        let rule: String
    }

    static let unknownService = Breach(setting: "service", rule: "must be a service that libpq's files have")

    /// The rules that these settings violate.
    static func breaches(in settings: [String: String]) -> [Breach] {
        let settings = settings.filter { !$0.value.isEmpty }
        var found: [Breach] = []
        for (name, values) in choices.sorted(by: { $0.key < $1.key }) {
            guard let value = settings[name], !values.contains(where: { isSame($0, value, name) }) else { continue }
            found.append(Breach(setting: name, rule: "must be one of \(values.joined(separator: ", "))"))
        }
        for name in numbers {
            guard let value = settings[name], Int32(value) == nil else { continue }
            found.append(Breach(setting: name, rule: "must be a whole number"))
        }
        return found + hosts(settings) + places(settings) + certificates(settings)
    }

    /// True if unescaped characters of the password end it early in a URL.
    ///
    /// The rest then counts as a host or a database name, which libpq and the server repeat in their messages.
    static func isCutPassword(_ text: String) -> Bool {
        guard let start = ["postgresql://", "postgres://"].first(where: { text.hasPrefix($0) }) else { return false }
        let parts = text.utf8.dropFirst(start.utf8.count).prefix { $0 != UInt8(ascii: "?") }
            .split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        let signs = parts.map { $0.count { $0 == UInt8(ascii: "@") } }
        return signs[0] > 1 || signs.count > 1 && signs[1] > 0
    }

    static let cutPassword = "the password has characters that must be percent-encoded, such as %40 for @"

    /// A name, an address, the path of a socket's folder, or an abstract socket, which begins with `@`.
    private static func hosts(_ settings: [String: String]) -> [Breach] {
        let isRight = (settings["host"] ?? "").utf8.split(separator: UInt8(ascii: ",")).allSatisfy { host in
            host.first == UInt8(ascii: "/")
                || !host.dropFirst(host.first == UInt8(ascii: "@") ? 1 : 0).contains { "@/ ".utf8.contains($0) }
        }
        return isRight ? [] : [Breach(setting: "host", rule: "must have no @, / or space in it: \(cutPassword)")]
    }

    /// libpq ignores the case of protocol names.
    private static func isSame(_ known: String, _ value: String, _ name: String) -> Bool {
        known == value || name.hasSuffix("_protocol_version") && known.lowercased() == value.lowercased()
    }

    /// Each may be a comma-separated list; an empty part stands for the default.
    private static func places(_ settings: [String: String]) -> [Breach] {
        func parts(_ name: String) -> [Substring] {
            settings[name].map { $0.split(separator: ",", omittingEmptySubsequences: false) } ?? []
        }
        let (hosts, addresses, ports) = (parts("host"), parts("hostaddr"), parts("port"))
        var found: [Breach] = []
        if !ports.allSatisfy({ $0.isEmpty || Int($0).map { (1...65_535).contains($0) } ?? false }) {
            found.append(Breach(setting: "port", rule: "must be a whole number from 1 to 65535, such as 5432"))
        }
        if !addresses.allSatisfy({ $0.isEmpty || isAddress(String($0)) }) {
            found.append(Breach(setting: "hostaddr", rule: "must be an IP address, such as 127.0.0.1"))
        }
        // Without both there is one host: the folder of the local sockets.
        let count = max(1, addresses.isEmpty ? hosts.count : addresses.count)
        if !hosts.isEmpty, hosts.count != count {
            found.append(Breach(setting: "host", rule: "must have as many parts as hostaddr"))
        }
        if ports.count > 1, ports.count != count {
            found.append(Breach(setting: "port", rule: "must have one part, or one for each host"))
        }
        return found
    }

    private static func isAddress(_ text: String) -> Bool {
        var bytes = in6_addr()
        return unsafe inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
    }

    /// If the file is missing, libpq continues without it.
    private static func certificates(_ settings: [String: String]) -> [Breach] {
        guard settings["sslmode"]?.hasPrefix("verify-") == true, let file = settings["sslrootcert"], file != "system",
            unsafe access(file, R_OK) != 0
        else { return [] }
        return [Breach(setting: "sslrootcert", rule: "must name a file that can be read")]
    }
}
