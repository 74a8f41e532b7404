package import Domain
package import EventLoop
internal import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// The bot's last read state, and the streams that watch it.
///
/// One reader (`refresh`, on one loop) queries the database and passes changes to the watchers of each loop. So the
/// number of open browsers does not affect the database.
package final class LiveStatus: Sendable {
    private struct State {
        var latest: [BotStatus] = []
        var readAt: ContinuousClock.Instant
        /// The reads so far, and the newest one whose result is in `latest`.
        var reads = 0
        var newestRead = 0
        /// Instances whose offline incident is recorded.
        var noted: Set<Int> = []
        var perUser: [UserID: Int] = [:]
    }
    private let state: Mutex<State>
    private let clock: SteadyClock
    private let hubs: [StatusHub]
    /// Open streams of one person: one per tab, with room for reconnects.
    static let limitPerUser = 20

    package init(hubs: [StatusHub], clock: SteadyClock = .system) {
        self.hubs = hubs
        self.clock = clock
        state = Mutex(State(readAt: clock.now))
    }

    /// The last read state; nil before the first read.
    package var latest: BotStatus? { state.withLock { Self.worst(of: $0.latest) } }

    /// The last read state; reads it if there is none.
    package func present(_ database: Database) async throws(DatabaseFailure) -> BotStatus? {
        if let latest { return latest }
        return Self.worst(of: try await BotHealth.statuses(database))
    }

    /// The combined state of all instances.
    ///
    /// An instance that fell silent an hour before the last heartbeat of another has been retired, or was started by
    /// mistake; it is ignored.
    private static func worst(of statuses: [BotStatus]) -> BotStatus? {
        let newest = statuses.compactMap(\.lastHeartbeat).max()
        return statuses.filter { status in
            guard let newest, let last = status.lastHeartbeat else { return true }
            return newest.seconds(since: last) < Seconds.hour
        }.max { $0.state < $1.state }
    }

    /// All instances, as last read.
    var statuses: [BotStatus] { state.withLock(\.latest) }

    package func hub(of loop: EventLoop) -> StatusHub? { hubs.first { $0.loop === loop } }

    // MARK: Reading

    /// Reads the state and notifies the watchers if a visible part changed.
    ///
    /// - Throws: `DatabaseFailure`; a state older than 90 seconds is then shown as unknown.
    package func refresh(_ database: Database) async throws(DatabaseFailure) {
        let number = state.withLock { state in
            state.reads += 1
            return state.reads
        }
        let read: [BotStatus]
        do {
            read = try await BotHealth.statuses(database)
        } catch {
            fade()
            throw error
        }
        update { state in
            // Two concurrent reads may finish in the other order. Their times do not tell: a clock can be set back.
            guard state.newestRead < number else { return }
            state.newestRead = number
            state.latest = read
            state.readAt = clock.now
        }
        try await noteSilence(of: Set(read.filter { $0.state == .offline }.map(\.instance)), database)
    }

    /// While the database is unreachable, the bot's state is unknown.
    private func fade() {
        update { state in
            guard state.readAt.duration(to: clock.now) >= .seconds(BotState.silence) else { return }
            for index in state.latest.indices { state.latest[index].state = .unknown }
        }
    }

    private func update(_ change: (inout State) -> Void) {
        let news: (status: BotStatus, isChange: Bool)? = state.withLock { state in
            let before = Self.worst(of: state.latest)
            change(&state)
            guard let status = Self.worst(of: state.latest) else { return nil }
            return (status, before.map { !$0.reads(like: status) } ?? true)
        }
        guard let news else { return }
        for hub in hubs { hub.loop.execute { hub.take(news.status, isChange: news.isChange) } }
    }

    /// Records an incident for each instance that is newly offline; retried after a database error.
    private func noteSilence(of offline: Set<Int>, _ database: Database) async throws(DatabaseFailure) {
        guard state.withLock({ $0.noted != offline }) else { return }
        if !offline.isEmpty { try await BotHealth.noteSilence(database) }
        state.withLock { $0.noted = offline }
    }

    /// The queue of a guild changed.
    package func queueChanged(in guild: GuildID) {
        for hub in hubs { hub.loop.execute { hub.queueChanged(in: guild) } }
    }

    /// Accounts, groups, brands or posts of a guild changed.
    package func trackingChanged(in guild: GuildID) {
        for hub in hubs { hub.loop.execute { hub.trackingChanged(in: guild) } }
    }

    /// Rights may have changed: ends streams that lost theirs.
    func rightsChanged(_ change: RightsChange) {
        for hub in hubs { hub.loop.execute { hub.rightsChanged(change) } }
    }

    // MARK: Counting streams

    /// - Returns: false if the person has as many streams as are allowed.
    func admit(_ user: UserID) -> Bool {
        state.withLock { state in
            guard state.perUser[user, default: 0] < Self.limitPerUser else { return false }
            state.perUser[user, default: 0] += 1
            return true
        }
    }

    func dismiss(_ user: UserID) {
        state.withLock { state in
            let left = (state.perUser[user] ?? 1) - 1
            state.perUser[user] = left > 0 ? left : nil
        }
    }
}

extension BotStatus {
    /// True if both look the same to a reader, apart from the time of reading.
    fileprivate func reads(like other: BotStatus) -> Bool {
        var left = self
        left.asOf = other.asOf
        return left == other
    }
}
