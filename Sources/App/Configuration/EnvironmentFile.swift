internal import Formats
internal import HTTP

/// The file that `ENV_FILE` names: one variable a line, like Docker's env files.
///
/// `NAME=value`, with an optional `export`; lines that begin with `#` are comments. A value may be in single quotes,
/// without escapes, or in double quotes, with the escapes `\n`, `\t`, `\"`, `\$` and `\\`. Nothing is expanded. Values
/// never appear in messages.
struct EnvironmentFile: Equatable {
    private(set) var variables: [String: String] = [:]
    /// Errors, by line.
    private(set) var mistakes: [String] = []

    init(_ text: String, path: String) {
        // Split by bytes, because Swift treats CR LF as one character.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            var line = Array(line)
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            do throws(Fault) {
                guard let (name, value) = try Self.read(line) else { continue }
                guard variables[name] == nil else { throw Fault(message: "\(name) was set before") }
                variables[name] = value
            } catch {
                mistakes.append("ENV_FILE \(path), line \(index + 1): \(error.message)")
            }
        }
    }

    private struct Fault: Error {
        let message: String
    }

    /// Nil for an empty line or a comment.
    private static func read(_ line: [UInt8]) throws(Fault) -> (name: String, value: String)? {
        var rest = line.drop(while: \.isBlank)
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        if rest.starts(with: "export ".utf8) { rest = rest.dropFirst(7).drop(while: \.isBlank) }
        let name = rest.prefix(while: \.isInName)
        rest = rest.dropFirst(name.count)
        guard let start = name.first, !(48...57).contains(start), rest.first == UInt8(ascii: "=") else {
            throw Fault(message: "must be NAME=value, or a comment that begins with #")
        }
        let value = try value(rest.dropFirst())
        guard value.allSatisfy({ $0 != 0 }) else { throw Fault(message: "contains a NUL byte") }
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }

    private static func value(_ text: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        let text = text.drop(while: \.isBlank)
        switch text.first {
        case UInt8(ascii: "'"): return try quoted(text.dropFirst(), by: UInt8(ascii: "'"))
        case UInt8(ascii: "\""): return try quoted(text.dropFirst(), by: UInt8(ascii: "\""))
        default: return plain(text)
        }
    }

    /// The value up to a comment, which needs a space before it, without trailing spaces.
    private static func plain(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var value: [UInt8] = []
        for byte in text {
            if byte == UInt8(ascii: "#"), value.last?.isBlank ?? true { break }
            value.append(byte)
        }
        while let last = value.last, last.isBlank { value.removeLast() }
        return value
    }

    private static func quoted(_ text: ArraySlice<UInt8>, by quote: UInt8) throws(Fault) -> [UInt8] {
        var value: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == quote {
                rest = rest.drop(while: \.isBlank)
                guard rest.isEmpty || rest.first == UInt8(ascii: "#") else {
                    throw Fault(message: "has text after the closing quote")
                }
                return value
            }
            guard byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") else {
                value.append(byte)
                continue
            }
            guard let escaped = rest.popFirst().flatMap({ escapes[$0] }) else {
                throw Fault(message: #"has a backslash that is not part of \n \t \" \$ \\"#)
            }
            value.append(escaped)
        }
        throw Fault(message: "has a quote that is not closed")
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "\""): UInt8(ascii: "\""),
        UInt8(ascii: "$"): UInt8(ascii: "$"), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    ]
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 32 || self == 9 }

    fileprivate var isInName: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self == UInt8(ascii: "_")
    }
}
