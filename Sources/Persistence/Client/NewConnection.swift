package import EventLoop
internal import Formats

/// Checks that a new connection works, PL/pgSQL included.
///
/// Pooled connections are old: if PostgreSQL's programs were replaced while it runs, they keep working, but new
/// sessions cannot load its libraries.
package enum NewConnection {
    /// Timeout for connecting, and again for the response.
    private static let timeout = Duration.seconds(5)

    /// Opens a connection, runs a block in it, and closes it.
    ///
    /// - Throws: `DatabaseFailure` if that fails.
    package static func check(_ settings: ConnectionSettings, on loop: EventLoop) async throws(DatabaseFailure) {
        let connection = try await open(settings, on: loop)
        let timer = loop.schedule(after: timeout) { connection.lose("no response in time") }
        let batch = Batch(client: nil, statements: ["DO $$ BEGIN END $$"])
        let answer = await withCheckedContinuation { connection.send(batch, $0) }
        timer.cancel()
        connection.lose("no longer used")
        _ = try answer.get()
    }

    private static func open(
        _ settings: ConnectionSettings, on loop: EventLoop
    ) async throws(DatabaseFailure) -> LoopConnection {
        let outcome: Result<LoopConnection, DatabaseFailure> = await withCheckedContinuation { continuation in
            Connecting.start(settings, on: loop, limit: timeout) { outcome in
                continuation.resume(
                    returning: outcome.flatMap { connection in
                        do throws(DatabaseFailure) {
                            return .success(try LoopConnection(connection, on: loop))
                        } catch {
                            return .failure(error)
                        }
                    })
            }
        }
        return try outcome.get()
    }
}
