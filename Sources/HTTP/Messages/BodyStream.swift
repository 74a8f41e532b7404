package import EventLoop
package import Formats

/// A response body that is written while it is sent.
///
/// Used only on the loop of its connection.
package final class BodyStream: @unchecked Sendable {
    package struct Closed: Error {}

    package let loop: EventLoop
    /// Bytes buffered for a slow reader.
    private let limit: Int
    private var chunks: [Bytes] = []
    private var offset = 0
    private var waitingBytes = 0
    private var isFinished = false
    private(set) package var isClosed = false
    private var writer: CheckedContinuation<Void, Never>?
    private var onClose: [() -> Void] = []
    /// Set while the connection sleeps because there was nothing to send.
    var wake: (() -> Void)?

    package init(on loop: EventLoop, limit: Int = 65_536) {
        self.loop = loop
        self.limit = limit
    }

    // MARK: Writing

    /// Sends without waiting.
    ///
    /// - Returns: false if the reader has disconnected, or if the bytes exceed the buffer; the stream then ends.
    @discardableResult
    package func offer(_ bytes: Bytes) -> Bool {
        guard !isClosed, !isFinished else { return false }
        guard waitingBytes + bytes.count <= limit else {
            finish()
            return false
        }
        append(bytes)
        return true
    }

    /// Sends, and waits while more bytes than the limit are buffered.
    ///
    /// - Throws: `Closed` if the reader has disconnected.
    package func write(_ bytes: Bytes) async throws(Closed) {
        guard !isClosed, !isFinished else { throw Closed() }
        append(bytes)
        guard waitingBytes > limit else { return }
        await withCheckedContinuation { writer = $0 }
        if isClosed { throw Closed() }
    }

    /// Ends the body after the bytes written so far.
    package func finish() {
        isFinished = true
        resume()
    }

    /// Calls `action` once when the connection ends, for any reason.
    package func onClose(_ action: @escaping () -> Void) {
        if isClosed { action() } else { onClose.append(action) }
    }

    private func append(_ bytes: Bytes) {
        chunks.append(bytes)
        waitingBytes += bytes.count
        resume()
    }

    private func resume() {
        let wake = wake
        self.wake = nil
        wake?()
    }

    // MARK: For the connection

    enum Reading { case bytes(Int), nothingYet, end }

    func read(into target: UnsafeMutableRawBufferPointer) -> Reading {
        var copied = 0
        var used = 0
        while used < chunks.count, copied < target.count {
            let chunk = chunks[used]
            let length = min(target.count - copied, chunk.count - offset)
            unsafe target.baseAddress?.advanced(by: copied)
                .copyMemory(from: UnsafeRawPointer(chunk.start + offset), byteCount: length)
            copied += length
            offset += length
            if offset == chunk.count {
                used += 1
                offset = 0
            }
        }
        chunks.removeFirst(used)
        waitingBytes -= copied
        if waitingBytes <= limit, let writer {
            self.writer = nil
            writer.resume()
        }
        return copied > 0 ? .bytes(copied) : isFinished ? .end : .nothingYet
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        wake = nil
        writer?.resume()
        writer = nil
        for action in onClose { action() }
        onClose = []
    }
}
