/// Input is validated byte by byte: two bytes can share one Character (`\r\n`), and a combining mark hides the byte
/// before it.
extension UInt8 {
    package var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    package var isASCIILetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }

    /// The value of a hexadecimal digit of either case.
    package var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension String {
    /// True if both have the same bytes; `==` also accepts equivalent spellings, such as U+212A for `K`.
    package func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    package func hasSameBytes(as bytes: Span<UInt8>) -> Bool {
        guard utf8.count == bytes.count else { return false }
        var copy = self
        return copy.withUTF8 { own in
            unsafe bytes.withUnsafeBufferPointer { unsafe own.elementsEqual($0) }
        }
    }
}
