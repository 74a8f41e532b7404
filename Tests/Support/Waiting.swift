internal import EventLoop
import Formats

private let threads = OffLoop(limit: 4)

/// Runs blocking database calls on threads of their own.
///
/// The threads that run the tests are as few as the cores; if all of them blocked, no test would continue.
package func waiting<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await threads.run { Result { try body() } }.get()
}
