internal import Formats
internal import HTTP
internal import Synchronization

/// Results of the background jobs, and whether this process is the background leader.
package final class BackgroundCounts: Sendable {
    package enum Work: String, CaseIterable, Sendable {
        case status, usage, notices, queues, housekeeping, thinning, connections

        private static let prefix = "background "

        /// Its name in crash reports.
        ///
        /// No route begins like this.
        package var record: String { Self.prefix + rawValue }

        /// Nil unless the text names a background job.
        package init?(recordedAs text: String) {
            guard text.hasPrefix(Self.prefix) else { return nil }
            self.init(rawValue: String(text.dropFirst(Self.prefix.count)))
        }
    }

    struct Outcomes: Sendable {
        var done = 0
        var failed = 0
    }

    private struct State {
        var outcomes: [Work: Outcomes] = [:]
        var isLeader = false
    }

    private let state = Mutex(State())

    package func note(_ work: Work, isDone: Bool) {
        state.withLock { state in
            if isDone { state.outcomes[work, default: Outcomes()].done += 1 }
            if !isDone { state.outcomes[work, default: Outcomes()].failed += 1 }
        }
    }

    package func lead(_ isLeader: Bool) { state.withLock { $0.isLeader = isLeader } }

    var isLeader: Bool { state.withLock(\.isLeader) }

    func outcomes(of work: Work) -> Outcomes { state.withLock { $0.outcomes[work] ?? Outcomes() } }
}
