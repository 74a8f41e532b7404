@testable import Domain
@testable import Formats
@testable import HTTP

extension FuzzTarget {
    static let coding = FuzzTarget("coding") { bytes in
        check(Base64URL.decode(Base64URL.encode(bytes)) == bytes, "Base64 is decoded as it was encoded")
        check(Hex.decode(Hex.encode(bytes)) == bytes, "hexadecimal digits are decoded as they were encoded")
        if let decoded = Base64URL.decode(bytes[...]) {
            check(Base64URL.encode(decoded).bytes == bytes, "Base64 has one spelling")
        }
        if let decoded = Hex.decode(bytes[...]) { check(Hex.encode(decoded).bytes == bytes, "hex has one spelling") }
        if let number = WholeNumber.parse(bytes[...]) { check("\(number)".bytes == bytes, "a number has one spelling") }
        percent(bytes)
        if UTF8Validity.firstInvalid(bytes[...]) == nil {
            check(isUTF8(bytes), "bytes without an invalid sequence are UTF-8")
        } else {
            check(!isUTF8(bytes), "bytes with an invalid sequence are not UTF-8")
        }
    }

    private static func percent(_ bytes: [UInt8]) {
        let plain = text(bytes)
        let encoded = PercentCoding.encode(plain)
        check(
            encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"&=+?#/\"<>'".utf8.contains($0) }, "escapes are plain")
        check(PercentCoding.decode(encoded.bytes[...]) == plain.bytes, "escapes are decoded as they were encoded")
        for plusIsSpace in [true, false] {
            guard let shown = PercentCoding.text(bytes[...], plusIsSpace: plusIsSpace) else { continue }
            check(!shown.utf8.contains(0), "no escaped text has U+0000")
        }
    }
}
