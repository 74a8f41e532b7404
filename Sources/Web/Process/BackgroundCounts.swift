internal import Formats
internal import HTTP
internal import Synchronization

/// How the work went that no request asked for, and whether this process is the one that does it for all.
package final class BackgroundCounts: Sendable {
    package enum Work: String, CaseIterable, Sendable {
        case status, usage, notices, queues, housekeeping, thinning, connections

        private static let prefix = "background "

        /// What the report of a crash calls it: no route of a request begins so.
        package var record: String { Self.prefix + rawValue }

        /// Nil for anything but background work.
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
