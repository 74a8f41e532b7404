internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence
internal import Synchronization

/// Whether this process can serve requests, as of the last check.
///
/// The endpoint is public, so the database is checked at most once a second, and concurrent callers share the result.
/// Callers wait until the timeout at most, because the load balancer has one too; a database that hangs counts as
/// unreachable.
final class ServiceReadiness: Sendable {
    struct Part: Sendable {
        let name: StaticString
        let isGood: Bool
        let text: StaticString
    }

    fileprivate struct State {
        var last: (parts: [Part], at: ContinuousClock.Instant)?
        /// When the pending check was sent to the database.
        var asked: ContinuousClock.Instant?
        var waiting: [Int: CheckedContinuation<[Part], Never>] = [:]
        var number = 0
    }

    fileprivate enum Turn { case known([Part]), join(number: Int, wait: Duration, asks: Bool) }

    fileprivate static let timeout = Duration.seconds(2)
    fileprivate static let silent = [Part(name: "database", isGood: false, text: "does not answer")]

    private let state = Mutex(State())

    func parts(_ world: World, _ database: Database) async -> [Part] {
        await withCheckedContinuation { continuation in
            let now = world.clock.now
            switch state.withLock({ $0.turn(of: continuation, at: now) }) {
            case .known(let parts): continuation.resume(returning: parts)
            case .join(let number, let wait, let asks):
                database.loop.schedule(after: wait) { [self] in giveUp(number) }
                if asks { ask(world, database) }
            }
        }
    }

    private func ask(_ world: World, _ database: Database) {
        Task(executorPreference: database.loop) { [self] in
            let parts = await Self.examine(database, world.newConnections)
            let waiting = state.withLock { state in
                state.last = (parts, world.clock.now)
                state.asked = nil
                defer { state.waiting = [:] }
                return state.waiting.values
            }
            for continuation in waiting { continuation.resume(returning: parts) }
        }
    }

    private func giveUp(_ number: Int) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: Self.silent)
    }
}

extension ServiceReadiness.State {
    /// The result for a new caller: the known state, or a place in the queue for the pending check.
    fileprivate mutating func turn(
        of continuation: CheckedContinuation<[ServiceReadiness.Part], Never>, at now: ContinuousClock.Instant
    ) -> ServiceReadiness.Turn {
        if let last, last.at.duration(to: now) < .seconds(1) { return .known(last.parts) }
        let wait = ServiceReadiness.timeout - (asked?.duration(to: now) ?? .zero)
        guard wait > .zero else { return .known(ServiceReadiness.silent) }
        let asks = asked == nil
        if asks { asked = now }
        number += 1
        waiting[number] = continuation
        return .join(number: number, wait: wait, asks: asks)
    }
}

// MARK: Asking the database

extension ServiceReadiness {
    private static func examine(_ database: Database, _ connections: ConnectionWatch) async -> [Part] {
        do {
            let state = try await SchemaState.read(database)
            return [
                Part(name: "database", isGood: true, text: "reachable"), self.connections(connections),
                migrations(state), role(state),
            ]
        } catch .unavailable {
            return [Part(name: "database", isGood: false, text: "cannot be reached")]
        } catch .busy {
            return [Part(name: "database", isGood: false, text: "is too busy to answer")]
        } catch {
            return [
                Part(name: "database", isGood: true, text: "reachable"),
                Part(name: "migrations", isGood: false, text: "no list of them can be read"),
            ]
        }
    }

    /// Pooled connections may still work while new ones fail.
    private static func connections(_ watch: ConnectionWatch) -> Part {
        Part(
            name: "new connections", isGood: !watch.fails,
            text: watch.fails
                ? "do not work, though the open ones do: look at PostgreSQL's log and restart it"
                : watch.works == nil ? "not tried yet" : "work")
    }

    private static func migrations(_ state: SchemaState) -> Part {
        if state.missing > 0 {
            return Part(name: "migrations", isGood: false, text: "some are missing: run dashboard migrate")
        }
        let text: StaticString =
            state.unknown > 0
            ? "complete, and a newer version has applied more: update this process" : "complete"
        return Part(name: "migrations", isGood: true, text: text)
    }

    private static func role(_ state: SchemaState) -> Part {
        Part(
            name: "role", isGood: true,
            text: state.hasOwnRole
                ? "works as dashboard_app"
                : "works as the database's login, which may not have a role of its own")
    }
}
