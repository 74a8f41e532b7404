internal import CMicroHTTPD
internal import Formats

/// Collects the header lines of a request from the library, and checks that each ends with CR LF (RFC 9112, 2.2).
@safe struct HeaderCollector {
    private(set) var fields = HeaderFields()
    /// True if every line has a name and ends with CR LF, as far as the library shows it.
    private(set) var isStrict = true
    /// Start of the next name; nil before the first line.
    private var next: UnsafePointer<CChar>?

    /// - Parameter version: the version of the request line, in the library's buffer.
    init(after version: UnsafePointer<CChar>) {
        // Skips `HTTP/1.1` and the line end.
        if mhd_shows_line_ends() { unsafe next = version + 10 }
    }

    mutating func add(
        _ name: UnsafePointer<CChar>?, _ nameSize: Int, _ value: UnsafePointer<CChar>?, _ valueSize: Int
    ) {
        if nameSize == 0 { isStrict = false }
        if let expected = unsafe next {
            if unsafe name != expected { isStrict = false }
            // A name without a value is followed by its colon, which the library has replaced by NUL.
            unsafe next = (value ?? name.map { unsafe $0 + nameSize + 1 } ?? expected) + valueSize + 2
        }
        unsafe fields.append(name: Self.span(name, nameSize), value: Self.span(value, valueSize))
    }

    /// Call after the last line.
    ///
    /// The empty line must follow.
    mutating func finish() {
        guard let end = unsafe next, !fields.isEmpty else { return }
        if unsafe end[-1] != 0 || end[0] != 0 || end[1] != 0 { isStrict = false }
    }

    @_lifetime(immortal)
    private static func span(_ start: UnsafePointer<CChar>?, _ count: Int) -> Span<UInt8> {
        let bytes = unsafe UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self)
        let buffer = unsafe UnsafeBufferPointer(start: bytes, count: start == nil ? 0 : count)
        return unsafe _overrideLifetime(Span(_unsafeElements: buffer), copying: ())
    }
}
