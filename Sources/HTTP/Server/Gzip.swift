internal import CZlib
internal import Formats

/// A reusable compressor.
///
/// Each loop has one.
@safe final class Gzip {
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1 (fast) to 9 (small).
    init(level: Int32) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let result = unsafe zlib_deflate_init_gzip(stream, level)
        precondition(result == Z_OK, "zlib could not be set up: \(result)")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Nil if zlib fails; the caller then sends the bytes uncompressed.
    func compress(_ bytes: Bytes) -> Bytes? {
        unsafe deflateReset(stream)
        let bound = unsafe Int(deflateBound(stream, UInt(bytes.count)))
        var output = [UInt8](repeating: 0, count: bound)
        let isWhole = unsafe output.withUnsafeMutableBufferPointer { target in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.start)
            unsafe stream.pointee.avail_in = UInt32(bytes.count)
            unsafe stream.pointee.next_out = target.baseAddress
            unsafe stream.pointee.avail_out = UInt32(bound)
            return unsafe deflate(stream, Z_FINISH) == Z_STREAM_END
        }
        guard isWhole else { return nil }
        output.removeLast(unsafe Int(stream.pointee.avail_out))
        return .copy(output)
    }
}
