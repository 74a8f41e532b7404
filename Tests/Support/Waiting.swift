internal import EventLoop
import Formats

private let threads = OffLoop(limit: 4)

/// Runs what waits for a database beside the threads that run the tests: those are as few as the cores, and while all of
/// them wait, nothing goes on.
package func waiting<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await threads.run { Result { try body() } }.get()
}
