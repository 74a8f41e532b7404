internal import Formats

/// A `text[]` without NULLs in PostgreSQL's binary format.
enum TextArray {
    /// The elements; empty if the bytes are too short for an array, and only those before the first truncated element.
    static func read(_ bytes: [UInt8]) -> [String] {
        // Number of dimensions, flags and element type; then size and lower bound of the one dimension.
        guard bytes.count >= 20 else { return [] }
        var texts: [String] = []
        var position = 20
        while position + 4 <= bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let start = position + 4
            guard start + length <= bytes.count else { break }
            texts.append(String(decoding: bytes[start..<start + length], as: UTF8.self))
            position = start + length
        }
        return texts
    }
}
