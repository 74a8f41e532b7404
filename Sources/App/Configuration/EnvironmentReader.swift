internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// Reads variables one by one and collects the mistakes.
///
/// Values of secrets never appear in messages.
struct EnvironmentReader {
    private let environment: [String: String]
    /// Names of variables whose values are not UTF-8.
    private let garbled: Set<String>
    private(set) var mistakes: [String]
    /// The names read so far, in order.
    private(set) var names: [String] = []

    init(_ environment: [String: String], garbled: Set<String> = [], mistakes: [String] = []) {
        self.environment = environment
        self.garbled = garbled
        self.mistakes = mistakes
    }

    mutating func complain(_ name: String, _ message: String) { mistakes.append("\(name) \(message)") }

    /// The variable, or the content of the file that `NAME_FILE` names; empty counts as missing.
    ///
    /// An empty file is a mistake, unless `mayBeEmpty`.
    mutating func text(_ name: String, mayBeEmpty: Bool = false) -> String? {
        names.append(name)
        for given in [name, name + "_FILE"] where garbled.contains(given) {
            complain(given, "is not UTF-8")
            return nil
        }
        let direct = environment[name].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = environment[name + "_FILE"], !path.isEmpty else { return direct }
        guard direct == nil else {
            complain(name, "and \(name)_FILE are both set: keep one of them")
            return nil
        }
        guard let content = Files.read(path) else {
            // Without the path, because the operator may have put the secret itself there.
            complain(name + "_FILE", "names a file that cannot be read, is larger than 1 MB, or is not UTF-8")
            return nil
        }
        var text = content[...]
        while let last = text.last, last.isNewline { text.removeLast() }
        guard !text.isEmpty else {
            if mayBeEmpty { return nil }
            // An empty secret file is probably an oversight, not a missing setting.
            complain(name + "_FILE", "names an empty file: fill it, or leave the variable out")
            return nil
        }
        return String(text)
    }

    /// True if the variable or its file is set, even if the file is empty.
    func isGiven(_ name: String) -> Bool {
        [name, name + "_FILE"].contains { environment[$0]?.isEmpty == false }
    }

    /// Demo mode has no authentication.
    mutating func needThisMachine(_ host: IPAddress, _ origin: String) {
        if !host.isLoopback { complain("HOST", "must be of this machine only in demo mode, such as 127.0.0.1") }
        if !Configuration.isLocal(origin) {
            complain("DASHBOARD_URL", "must be of this machine only in demo mode, such as http://127.0.0.1:8080")
        }
    }

    /// A single line of text.
    mutating func line(_ name: String, mayBeEmpty: Bool = false, characters: Int) -> String? {
        guard let text = text(name, mayBeEmpty: mayBeEmpty) else { return nil }
        guard let line = try? TextRule.line(characters).clean(text) else {
            complain(name, "must be one line of at most \(characters) characters, without control characters")
            return nil
        }
        return line
    }

    mutating func databaseAddress(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        guard let address = ConnectionAddress(text) else {
            complain(
                name,
                "must be an address such as postgresql://user:password@host/dashboard, or libpq's key=value text")
            return nil
        }
        let own = address.mistakes.filter { $0.variable == nil }.map(\.text)
        if !own.isEmpty { complain(name, "has invalid settings: \(own.joined(separator: "; "))") }
        for mistake in address.mistakes {
            if let variable = mistake.variable { complain(variable, mistake.text) }
        }
        return address.mistakes.isEmpty ? text : nil
    }

    /// Checks a folder that the service is about to write to.
    mutating func needWritable(_ folder: String, _ name: String) {
        guard !mistakes.contains(where: { $0.hasPrefix("\(name) ") || $0.hasPrefix("\(name)_FILE ") }) else { return }
        if Files.exists(folder) {
            if !Files.isWritable(folder) { complain(name, "\(folder) cannot be written to by this user") }
        } else if !Files.isWritable(Files.nearestFolder(above: folder)) {
            complain(name, "\(folder) does not exist, and this user cannot create it")
        }
    }

    /// Checks an address that the service is about to listen on.
    mutating func needOwnAddress(_ host: IPAddress, _ name: String) {
        guard !Machine.has(host) else { return }
        complain(name, "must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them")
    }

    /// The path of a folder, which may not exist yet.
    mutating func folder(_ name: String) -> String? {
        guard let path = line(name, characters: 1_000) else { return nil }
        guard !Files.exists(path) || Files.isFolder(path) else {
            complain(name, "must be the path of a folder, such as /var/lib/tracking-dashboard")
            return nil
        }
        // PostgreSQL's programs pass it to a shell and to comma-separated lists.
        guard !path.utf8.contains(where: { #"'"$`,\"#.utf8.contains($0) }) else {
            complain(name, #"must not contain ' " $ ` , \, such as /var/lib/tracking-dashboard"#)
            return nil
        }
        return path
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>, default value: Int) -> Int {
        guard let text = text(name) else { return value }
        guard let number = WholeNumber.parse(text).flatMap({ Int(exactly: $0) }), range.contains(number) else {
            complain(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound), such as \(value)")
            return value
        }
        return number
    }

    mutating func address(_ name: String, default value: IPAddress) -> IPAddress {
        guard let text = text(name) else { return value }
        guard let address = IPAddress(text == "localhost" ? "127.0.0.1" : text) else {
            complain(name, "must be an IP address, such as 127.0.0.1 or 0.0.0.0")
            return value
        }
        return address
    }

    /// The parts of a comma-separated list, trimmed; empty parts are dropped.
    private mutating func list(_ name: String) -> [Substring] {
        guard let text = text(name) else { return [] }
        // The message repeats an invalid part.
        guard text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else {
            complain(name, "must be one line of ASCII, its parts separated by commas")
            return []
        }
        return text.split(separator: ",").map { part in
            var part = part.drop { $0 == " " }
            while part.last == " " { part.removeLast() }
            return part
        }.filter { !$0.isEmpty }
    }

    mutating func ranges(_ name: String) -> [AddressRange] {
        let parts = list(name)
        if let wrong = parts.first(where: { AddressRange($0) == nil }) {
            complain(
                name, "must be IP addresses or ranges separated by commas, such as 127.0.0.1, 10.0.0.0/8: see \(wrong)")
        }
        return parts.compactMap { AddressRange($0) }
    }

    /// Scheme, host and port, without a path.
    mutating func origin(_ name: String, default value: String) -> String {
        guard let text = text(name) else { return value }
        guard let origin = Origin.parse(text) else {
            complain(name, "must be an address without a path and in lower case, such as https://dashboard.example.org")
            return value
        }
        return origin
    }

    mutating func origins(_ name: String) -> Set<String> {
        let parts = list(name)
        if let wrong = parts.first(where: { Origin.parse(String($0)) == nil }) {
            complain(
                name,
                "must be addresses without a path and in lower case, separated by commas, such as https://app.example.org: see \(wrong)"
            )
        }
        return Set(parts.compactMap { Origin.parse(String($0)) })
    }

    /// The address of a server, with a path and without a slash at its end.
    mutating func base(_ name: String) -> String? {
        matching(name, example: "https://discord.com/api/v10") { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count >= 3 && Origin.parse(parts[..<3].joined(separator: "/")) != nil && !text.hasSuffix("/")
                && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x23 && $0 != 0x3f }
        }
    }

    mutating func matching(
        _ name: String, mayBeEmpty: Bool = false, example: String, _ isValid: (String) -> Bool
    ) -> String? {
        guard let text = text(name, mayBeEmpty: mayBeEmpty) else { return nil }
        guard isValid(text) else {
            complain(name, "is not valid; it should look like \(example)")
            return nil
        }
        return text
    }

    mutating func secret(_ name: String, bytes: Int) -> Secret? {
        guard let text = text(name) else { return nil }
        guard text.utf8.count >= bytes else {
            complain(name, "must have at least \(bytes) bytes, such as the output of: openssl rand -base64 64")
            return nil
        }
        // There are 16 hexadecimal digits, and a random secret may miss some.
        guard Set(text.utf8).count >= 8 else {
            complain(name, "must have more different characters, such as the output of: openssl rand -base64 64")
            return nil
        }
        return Secret(text)
    }

    /// A token that is valid in a header without escaping.
    mutating func bearerToken(_ name: String, characters: Int) -> Secret? {
        guard let text = text(name) else { return nil }
        guard text.utf8.count >= characters, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            complain(
                name,
                "must have at least \(characters) characters of ASCII without spaces, such as the output of: openssl rand -hex 32"
            )
            return nil
        }
        return Secret(text)
    }

    mutating func choice<Value>(_ name: String, _ choices: [String: Value], default value: Value) -> Value {
        guard let text = text(name) else { return value }
        guard let choice = choices[text] else {
            complain(name, "must be one of \(choices.keys.sorted().joined(separator: ", "))")
            return value
        }
        return choice
    }
}
