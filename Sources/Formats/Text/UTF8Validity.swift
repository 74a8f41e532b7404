/// Validates UTF-8.
package enum UTF8Validity {
    /// The text of the bytes; nil if they are not UTF-8.
    ///
    /// Invalid bytes are never replaced.
    package static func text(_ bytes: ArraySlice<UInt8>) -> String? { String(validating: bytes, as: UTF8.self) }

    /// The position of the first sequence that is not UTF-8.
    package static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let rest = bytes[position...].prefix(4)
            guard let length = (1...4).first(where: { text(rest.prefix($0)) != nil }), length <= rest.count else {
                return position
            }
            position += length
        }
        return nil
    }
}
