internal import Glibc

/// Immutable bytes, in memory of `malloc` or in the binary itself.
@safe package final class Bytes: @unchecked Sendable {
    package let start: UnsafePointer<UInt8>
    package let count: Int
    private let isOwned: Bool

    /// Takes ownership of memory from `malloc`.
    package init(adopting start: UnsafeMutablePointer<UInt8>, count: Int) {
        unsafe self.start = UnsafePointer(start)
        self.count = count
        isOwned = true
    }

    package init(_ text: StaticString) {
        unsafe start = text.utf8Start
        count = text.utf8CodeUnitCount
        isOwned = false
    }

    package static func copy(_ text: String) -> Bytes {
        var writer = ByteWriter(capacity: max(1, text.utf8.count))
        writer.raw(text)
        return writer.finish()
    }

    package static func copy(_ bytes: [UInt8]) -> Bytes {
        var writer = ByteWriter(capacity: max(1, bytes.count))
        writer.raw(bytes)
        return writer.finish()
    }

    deinit { if isOwned { unsafe free(UnsafeMutablePointer(mutating: start)) } }

    package var span: Span<UInt8> {
        @_lifetime(borrow self) get {
            let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
            let span = unsafe Span(_unsafeElements: buffer)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    package var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }
}
