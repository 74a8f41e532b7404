package import Domain
package import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// Caches the users and memberships of sessions in this process.
///
/// An entry is dropped as soon as PostgreSQL notifies that the session, or the guilds of its user, changed. Without a
/// listening connection nothing is cached.
package final class SessionDirectory: Sendable {
    fileprivate struct Contents {
        var states: [SessionID: SessionState] = [:]
        var sessionsOfUser: [UserID: Set<SessionID>] = [:]
        /// Incremented by every notification, so that a read that began before it is not cached.
        var epoch: UInt64 = 0
        var isListening = false
        var lookups = CacheCounts()
    }
    private let contents = Mutex(Contents())
    /// Maximum cached sessions, about 300 bytes each.
    ///
    /// Above that the cache is cleared.
    private let limit: Int
    /// Called after every change was applied, on any thread.
    private let onChange: @Sendable (RightsChange) -> Void
    /// Called, possibly repeatedly, while notifications do not arrive.
    private let onDoubt: @Sendable () -> Void

    package init(
        limit: Int = 100_000, onChange: @escaping @Sendable (RightsChange) -> Void = { _ in },
        onDoubt: @escaping @Sendable () -> Void = {}
    ) {
        self.limit = limit
        self.onChange = onChange
        self.onDoubt = onDoubt
    }

    /// - Returns: nil if the session has expired, was revoked or never existed.
    package func state(of id: SessionID, at now: Timestamp, _ database: Database) async throws(DatabaseFailure)
        -> SessionState?
    {
        // Either the session or one of its memberships has expired.
        let (known, epoch) = contents.withLock { contents in
            let known = contents.states[id].flatMap { $0.expires > now ? $0 : nil }
            contents.lookups.count(isHit: known != nil)
            return (known, contents.epoch)
        }
        if let known { return known }
        guard let read = try await Sessions.state(id, database) else { return nil }
        contents.withLock { contents in
            guard contents.isListening, contents.epoch == epoch else { return }
            if contents.states.count >= limit { contents.forgetAll() }
            contents.states[id] = read
            contents.sessionsOfUser[read.user, default: []].insert(id)
        }
        return read
    }

    var counts: CacheCounts {
        contents.withLock { contents in
            var counts = contents.lookups
            counts.entries = contents.states.count
            return counts
        }
    }

    package func forget(_ id: SessionID) {
        contents.withLock { $0.forget(id) }
        onChange(.session(id))
    }

    package func forget(sessionsOf user: UserID) {
        contents.withLock { contents in
            contents.epoch += 1
            for id in contents.sessionsOfUser[user] ?? [] { contents.forget(id) }
        }
        onChange(.user(user))
    }

    package func forgetAll() {
        contents.withLock { $0.forgetAll() }
        onChange(.everyone)
    }

    /// - Parameter isListening: true while notifications arrive.
    package func listening(_ isListening: Bool) {
        contents.withLock { contents in
            contents.isListening = isListening
            contents.forgetAll()
        }
        // Notifications were missed meanwhile, so everything may have changed.
        if isListening { onChange(.everyone) } else { onDoubt() }
    }

    /// Handles a notification of the channel `guild_changed`, the guild's id: its settings decide who can see it.
    package func hearOfGuild(_ payload: String) {
        contents.withLock { $0.forgetAll() }
        onChange(GuildID(payload).map(RightsChange.guild) ?? .everyone)
    }

    /// Handles a notification of the channel `session_changed`: `s:<session>` or `u:<user>`.
    package func hear(_ payload: String) {
        let value = payload.dropFirst(2)
        if payload.hasPrefix("s:"), let id = SessionID(value) {
            forget(id)
        } else if payload.hasPrefix("u:"), let user = UserID(value) {
            forget(sessionsOf: user)
        } else {
            forgetAll()
        }
    }
}

extension SessionDirectory.Contents {
    fileprivate mutating func forget(_ id: SessionID) {
        epoch += 1
        guard let state = states.removeValue(forKey: id) else { return }
        sessionsOfUser[state.user]?.remove(id)
        if sessionsOfUser[state.user]?.isEmpty == true { sessionsOfUser[state.user] = nil }
    }

    fileprivate mutating func forgetAll() {
        epoch += 1
        states = [:]
        sessionsOfUser = [:]
    }
}
