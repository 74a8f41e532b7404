import Domain
import EventLoop
import TestKit

@testable import Web
@testable import Formats
@testable import HTTP

/// A status stream that a test keeps open.
struct OpenStream: Sendable {
    let stream: BodyStream

    /// Nil if the request was refused.
    init?(_ answer: Response) {
        guard case .stream(let stream) = answer.body else { return nil }
        self.stream = stream
    }

    static func open(in guild: GuildID, as token: AccessToken, _ site: TestSite) async -> OpenStream? {
        OpenStream(await site.ask(.get, "/api/v1/guilds/\(guild)/status/stream", as: token))
    }

    /// Waits until the site has ended the stream: within 2 seconds, also if another process is the cause.
    ///
    /// - Returns: false when that took longer.
    func ended(within limit: Duration = .seconds(2)) async -> Bool {
        let stream = stream
        return await Task(executorPreference: stream.loop) {
            let deadline = ContinuousClock.now + limit
            while ContinuousClock.now < deadline {
                switch Self.read(stream) {
                case .end:
                    stream.close()
                    return true
                case .bytes: continue
                case .nothingYet: await Self.wait(for: stream, until: deadline)
                }
            }
            return false
        }.value
    }

    /// Returns the bytes that are readable at once, and closes the stream.
    func firstEvent() async -> String {
        let stream = stream
        return await Task(executorPreference: stream.loop) {
            defer { stream.close() }
            return unsafe withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer in
                guard case .bytes(let count) = unsafe stream.read(into: buffer) else { return "" }
                return unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer[..<count]), as: UTF8.self)
            }
        }.value
    }

    private static func wait(for stream: BodyStream, until deadline: ContinuousClock.Instant) async {
        await withCheckedContinuation { continuation in
            var isDone = false
            let resume = {
                if !isDone { continuation.resume() }
                isDone = true
            }
            stream.wake = resume
            stream.loop.schedule(after: max(.zero, ContinuousClock.now.duration(to: deadline)), resume)
        }
    }

    /// True if it is still open after all work on its loop is done.
    func isOpen() async -> Bool {
        let stream = stream
        return await Task(executorPreference: stream.loop) {
            while case .bytes = Self.read(stream) {}
            if case .end = Self.read(stream) { return false }
            return true
        }.value
    }

    private static func read(_ stream: BodyStream) -> BodyStream.Reading {
        unsafe withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { unsafe stream.read(into: $0) }
    }
}
