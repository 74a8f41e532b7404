/// Parses a short text with a fixed grammar from left to right.
package struct ByteCursor {
    private let bytes: [UInt8]
    private(set) var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(_ text: some StringProtocol) { self.init(Array(text.utf8)) }

    package var isAtEnd: Bool { position == bytes.count }

    package var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    package mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == wanted.value else { return false }
        position += 1
        return true
    }

    package mutating func take(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = position
        while let next, isWanted(next) { position += 1 }
        return bytes[start..<position]
    }

    /// A number of exactly that many digits.
    package mutating func digits(_ count: Int) -> Int? {
        var number = 0
        for _ in 0..<count {
            guard let next, next.isDigit else { return nil }
            number = number * 10 + Int(next - UInt8(ascii: "0"))
            position += 1
        }
        return number
    }
}
