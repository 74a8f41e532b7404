internal import Glibc

/// A growing byte buffer that the HTTP library can adopt without a copy.
///
/// All response text is written here as bytes, so no `String` is created on the way.
@safe package struct ByteWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    package private(set) var count = 0
    private var capacity: Int

    package init(capacity: Int = 4_096) {
        self.capacity = capacity
        unsafe start = Self.allocate(capacity)
    }

    deinit { unsafe free(start) }

    /// Transfers ownership of the bytes.
    package consuming func finish() -> Bytes {
        let bytes = unsafe Bytes(adopting: start, count: count)
        discard self
        return bytes
    }

    /// The bytes written so far, as text.
    ///
    /// They are UTF-8.
    package consuming func text() -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Passes the bytes written so far to `take`, and keeps the bytes that it did not take, in the same memory.
    package mutating func drain(_ take: (Span<UInt8>) -> Int) {
        let written = unsafe UnsafeBufferPointer(start: start, count: count)
        let taken = min(count, take(unsafe Span(_unsafeElements: written)))
        count -= taken
        if count > 0 { unsafe memmove(start, start + taken, count) }
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        guard let memory = unsafe malloc(capacity) else { fatalError("out of memory") }
        return unsafe memory.bindMemory(to: UInt8.self, capacity: capacity)
    }

    @inline(__always) private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        capacity = max(2 * capacity, count + more)
        guard let memory = unsafe realloc(start, capacity) else { fatalError("out of memory") }
        unsafe start = memory.bindMemory(to: UInt8.self, capacity: capacity)
    }

    @inline(__always) package mutating func byte(_ value: UInt8) {
        reserve(1)
        unsafe start[count] = value
        count += 1
    }

    @inline(__always) package mutating func literal(_ text: StaticString) {
        if text.hasPointerRepresentation {
            unsafe append(text.utf8Start, text.utf8CodeUnitCount)
        } else {
            text.withUTF8Buffer { buffer in for index in buffer.indices { byte(unsafe buffer[index]) } }
        }
    }

    package mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { buffer in if let base = buffer.baseAddress { unsafe append(base, buffer.count) } }
    }

    package mutating func raw(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe append(base, buffer.count) }
        }
    }

    package mutating func raw(_ bytes: [UInt8]) { raw(bytes.span) }

    @inline(__always) private mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        unsafe (start + count).update(from: source, count: length)
        count += length
    }

    package mutating func integer(_ value: Int64) {
        reserve(20)
        if value < 0 {
            unsafe start[count] = UInt8(ascii: "-")
            count += 1
        }
        var rest = value.magnitude
        var digits = 1
        var bound = rest
        while bound >= 10 {
            bound /= 10
            digits += 1
        }
        var position = count + digits
        repeat {
            let next = rest / 10
            position -= 1
            unsafe start[position] = UInt8(48 + rest - next * 10)
            rest = next
        } while rest > 0
        count += digits
    }

    /// Escapes for HTML text and quoted attributes, byte by byte: a combining mark after a quote changes nothing.
    package mutating func html(_ text: Span<UInt8>) {
        unsafe text.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var clean = 0
            for index in 0..<buffer.count {
                let entity: StaticString
                switch unsafe base[index] {
                case UInt8(ascii: "&"): entity = "&amp;"
                case UInt8(ascii: "<"): entity = "&lt;"
                case UInt8(ascii: ">"): entity = "&gt;"
                case UInt8(ascii: "\""): entity = "&quot;"
                case UInt8(ascii: "'"): entity = "&#39;"
                default: continue
                }
                unsafe append(base + clean, index - clean)
                literal(entity)
                clean = index + 1
            }
            unsafe append(base + clean, buffer.count - clean)
        }
    }

    package mutating func html(_ text: String) {
        let utf8 = text.utf8
        html(utf8.span)
    }

    /// Writes a JSON string with its quotes.
    ///
    /// The text is UTF-8, as PostgreSQL and `String` guarantee.
    package mutating func json(_ text: Span<UInt8>) {
        unsafe text.withUnsafeBufferPointer { buffer in
            reserve(6 * buffer.count + 10)
            var out = unsafe start + count
            unsafe out.pointee = UInt8(ascii: "\"")
            unsafe out += 1
            var index = 0
            while index < buffer.count {
                // Eight bytes at a time while none of them needs an escape.
                while index + 8 <= buffer.count {
                    let word = unsafe UnsafeRawPointer(buffer.baseAddress.unsafelyUnwrapped + index)
                        .loadUnaligned(as: UInt64.self)
                    guard !word.hasByteToEscapeInJSON else { break }
                    unsafe UnsafeMutableRawPointer(out).storeBytes(of: word, as: UInt64.self)
                    unsafe out += 8
                    index += 8
                }
                guard index < buffer.count else { break }
                let byte = unsafe buffer[index]
                index += 1
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                    unsafe out.pointee = byte
                    unsafe out += 1
                } else {
                    unsafe out = Self.escape(byte, to: out)
                }
            }
            unsafe out.pointee = UInt8(ascii: "\"")
            count = unsafe out + 1 - start
        }
    }

    package mutating func json(_ text: String) {
        let utf8 = text.utf8
        json(utf8.span)
    }

    private static func escape(_ byte: UInt8, to out: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        unsafe out[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): unsafe out[1] = byte
        case 10: unsafe out[1] = UInt8(ascii: "n")
        default:
            unsafe out[1] = UInt8(ascii: "u")
            unsafe out[2] = UInt8(ascii: "0")
            unsafe out[3] = UInt8(ascii: "0")
            unsafe out[4] = hexDigit(byte >> 4)
            unsafe out[5] = hexDigit(byte & 15)
            return unsafe out + 6
        }
        return unsafe out + 2
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}

extension UInt64 {
    /// True if one of the eight bytes is below 0x20, a quote or a backslash.
    ///
    /// Zero-byte test: a byte that is zero (after exclusive or with the byte searched for) borrows into its top bit.
    /// `~word` masks the top bit, so bytes from 0x80 on are not counted by mistake in any of the three tests.
    @inline(__always) fileprivate var hasByteToEscapeInJSON: Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quote = self ^ (ones &* 0x22)
        let backslash = self ^ (ones &* 0x5c)
        let control = (self &- ones &* 0x20) & ~self
        return (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | control) & tops != 0
    }
}
