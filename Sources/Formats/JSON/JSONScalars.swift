extension JSONParser {
    /// Grammar: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
    package mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return JSONNumber(text: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(JSONSyntaxError) {
        guard next?.isDigit == true else { throw expected("a digit") }
        while next?.isDigit == true { position += 1 }
    }

    package mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        try skipPlain()
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(bytes[start..<position], at: start)
        }
        var written = Array(bytes[start..<position])
        while !take(UInt8(ascii: "\"")) {
            try escape(into: &written)
            let plain = position
            try skipPlain()
            written += bytes[plain..<position]
        }
        return try text(written[...], at: start)
    }

    private func text(_ content: ArraySlice<UInt8>, at start: Int) throws(JSONSyntaxError) -> String {
        if let text = UTF8Validity.text(content) { return text }
        throw JSONSyntaxError(offset: UTF8Validity.firstInvalid(bytes[start...]) ?? start, expected: "UTF-8")
    }

    /// Skips to the next quote or backslash.
    private mutating func skipPlain() throws(JSONSyntaxError) {
        while let next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") {
            guard next >= 0x20 else { throw expected("no control character in text") }
            position += 1
        }
        guard position < bytes.count else { throw expected("a closing quote") }
    }

    private mutating func escape(into written: inout [UInt8]) throws(JSONSyntaxError) {
        position += 1
        let byte: UInt8
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte = bytes[position]
        case UInt8(ascii: "b"): byte = 0x08
        case UInt8(ascii: "f"): byte = 0x0C
        case UInt8(ascii: "n"): byte = 0x0A
        case UInt8(ascii: "r"): byte = 0x0D
        case UInt8(ascii: "t"): byte = 0x09
        case UInt8(ascii: "u"): return try unicodeEscape(into: &written)
        default: throw expected("an escape")
        }
        written.append(byte)
        position += 1
    }

    /// `uXXXX`, or two of them for a scalar beyond U+FFFF.
    private mutating func unicodeEscape(into written: inout [UInt8]) throws(JSONSyntaxError) {
        let start = position - 1
        var code = try codeUnit()
        if 0xD800..<0xDC00 ~= code {
            guard take(UInt8(ascii: "\\")), next == UInt8(ascii: "u") else {
                throw JSONSyntaxError(offset: start, expected: "no lone surrogate")
            }
            let low = try codeUnit()
            guard 0xDC00..<0xE000 ~= low else { throw JSONSyntaxError(offset: start, expected: "no lone surrogate") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard code != 0 else { throw JSONSyntaxError(offset: start, expected: "no U+0000") }
        guard let scalar = Unicode.Scalar(code) else {
            throw JSONSyntaxError(offset: start, expected: "no lone surrogate")
        }
        written += UTF8.encode(scalar).map { Array($0) } ?? []
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt32 {
        position += 1
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next?.hexValue else { throw expected("four hexadecimal digits") }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
