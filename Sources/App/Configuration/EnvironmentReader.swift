internal import Glibc
internal import Web

/// Reads variables one by one and gathers what is wrong with them.
///
/// Values of secrets never get into a message.
struct EnvironmentReader {
    private let environment: [String: String]
    private(set) var mistakes: [String] = []

    init(_ environment: [String: String]) { self.environment = environment }

    mutating func complain(_ name: String, _ message: String) { mistakes.append("\(name) \(message)") }

    /// The variable, or the content of the file that `NAME_FILE` names; empty is the same as missing.
    mutating func text(_ name: String) -> String? {
        let direct = environment[name].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = environment[name + "_FILE"], !path.isEmpty else { return direct }
        guard direct == nil else {
            complain(name, "and \(name)_FILE are both set: keep one of them")
            return nil
        }
        guard let content = Files.read(path) else {
            complain(name + "_FILE", "names a file that cannot be read: \(path)")
            return nil
        }
        var text = content[...]
        while let last = text.last, last.isNewline { text.removeLast() }
        return text.isEmpty ? nil : String(text)
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>, default value: Int) -> Int {
        guard let text = text(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
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

    /// The parts of a list with commas; empty ones and spaces around them do not count.
    private mutating func list(_ name: String) -> [Substring] {
        (text(name) ?? "").split(separator: ",").map { part in
            var part = part.drop(while: \.isWhitespace)
            while let last = part.last, last.isWhitespace { part.removeLast() }
            return part
        }.filter { !$0.isEmpty }
    }

    mutating func ranges(_ name: String) -> [AddressRange] {
        list(name).compactMap { part in
            if let range = AddressRange(part) { return range }
            complain(
                name, "must be IP addresses or ranges separated by commas, such as 127.0.0.1, 10.0.0.0/8: see \(part)")
            return nil
        }
    }

    /// Scheme, host and port, without a path.
    mutating func origin(_ name: String, default value: String) -> String {
        guard let text = text(name) else { return value }
        guard let origin = Self.origin(text) else {
            complain(name, "must be an address without a path and in lower case, such as https://dashboard.example.org")
            return value
        }
        return origin
    }

    mutating func origins(_ name: String) -> Set<String> {
        Set(
            list(name).compactMap { part in
                if let origin = Self.origin(String(part)) { return origin }
                complain(
                    name,
                    "must be addresses without a path and in lower case, separated by commas, such as https://app.example.org: see \(part)"
                )
                return nil
            })
    }

    /// As browsers write it; nil for anything else than scheme, host and port.
    private static func origin(_ text: String) -> String? {
        var text = text
        if text.hasSuffix("/") { text.removeLast() }
        // Browsers leave the usual port out when they name the origin.
        if text.hasPrefix("https://"), text.hasSuffix(":443") { text.removeLast(4) }
        if text.hasPrefix("http://"), text.hasSuffix(":80") { text.removeLast(3) }
        let rest = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
        let isPlain = rest.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46 || byte == 58
                || byte == 91 || byte == 93
        }
        return rest.isEmpty || !isPlain ? nil : text
    }

    mutating func matching(_ name: String, example: String, _ isValid: (String) -> Bool) -> String? {
        guard let text = text(name) else { return nil }
        guard isValid(text) else {
            complain(name, "is not valid; it should look like \(example)")
            return nil
        }
        return text
    }

    mutating func secret(_ name: String, bytes: Int) -> String? {
        guard let text = text(name) else { return nil }
        guard text.utf8.count >= bytes else {
            complain(name, "must have at least \(bytes) bytes, such as the output of: openssl rand -base64 64")
            return nil
        }
        return text
    }

    /// What can be sent as it is in a header.
    mutating func bearerToken(_ name: String, characters: Int) -> String? {
        guard let text = text(name) else { return nil }
        guard text.utf8.count >= characters, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            complain(
                name,
                "must have at least \(characters) characters of ASCII without spaces, such as the output of: openssl rand -hex 32"
            )
            return nil
        }
        return text
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
