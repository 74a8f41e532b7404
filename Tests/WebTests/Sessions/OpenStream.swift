import Domain
import TestKit

@testable import Web

/// A status stream that a test holds open.
struct OpenStream: Sendable {
    let stream: BodyStream

    /// Nil where the request was turned down.
    init?(_ answer: Response) {
        guard case .stream(let stream) = answer.body else { return nil }
        self.stream = stream
    }

    static func open(in guild: GuildID, as token: AccessToken, _ site: TestSite) async -> OpenStream? {
        OpenStream(await site.ask(.get, "/api/v1/guilds/\(guild)/status/stream", as: token))
    }

    /// Waits until the site has ended the stream.
    func ended() async {
        let stream = stream
        await Task(executorPreference: stream.loop) {
            while true {
                let reading = Self.read(stream)
                if case .end = reading { return stream.close() }
                if case .bytes = reading { continue }
                await withCheckedContinuation { continuation in stream.wake = { continuation.resume() } }
            }
        }.value
    }

    /// Whether it is still open after everything that was begun on its loop has been done.
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
