/// Percent-encoding of URLs and forms.
package enum PercentCoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes a name or value of a query, or a segment of a path: everything but `[A-Za-z0-9._~-]` is escaped.
    ///
    /// A segment must not be `.` or `..`, because browsers resolve them even if escaped.
    package static func encode(_ text: some StringProtocol) -> String {
        var encoded: [UInt8] = []
        for byte in Array(text.utf8) {
            if byte.isDigit || byte.isASCIILetter || isMark(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    /// Decodes the escapes once; nil for an invalid escape.
    package static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue else { return nil }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(0x20)
            default: decoded.append(byte)
            }
        }
        return decoded
    }

    /// The decoded text; nil for an invalid escape, invalid UTF-8 or U+0000.
    package static func text(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> String? {
        guard let decoded = decode(bytes, plusIsSpace: plusIsSpace), !decoded.contains(0) else { return nil }
        return UTF8Validity.text(decoded[...])
    }
}
