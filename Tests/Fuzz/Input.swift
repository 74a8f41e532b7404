import Formats
import HTTP

/// Takes an input apart, for targets that need more than one value of it.
struct Input {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Nought at the end of the input.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func integer() -> Int64 { (0..<8).reduce(0) { number, _ in number << 8 | Int64(byte()) } }

    /// The bytes up to the next line feed.
    mutating func line() -> [UInt8] {
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest[line.endIndex...].dropFirst()
        return Array(line)
    }

    /// The lines that are left.
    mutating func lines() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        while !rest.isEmpty { lines.append(line()) }
        return lines
    }

    mutating func all() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}

/// The bytes as text, with U+FFFD for invalid UTF-8.
func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

func isUTF8(_ bytes: some Collection<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

extension String {
    var bytes: [UInt8] { Array(utf8) }

    func holdsControlCharacter(except allowed: [UInt8] = []) -> Bool {
        utf8.contains { ($0 < 0x20 || $0 == 0x7F) && !allowed.contains($0) }
    }
}
