package import Domain
package import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// What this process knows of the sessions that ask it: their users and memberships, as the database has them.
///
/// A session is read once and forgotten the moment the database says that it, or its user's guilds, changed. While
/// nobody listens for that, nothing is remembered.
package final class SessionDirectory: Sendable {
    fileprivate struct Contents {
        var states: [SessionID: Sessions.State] = [:]
        var sessionsOfUser: [UserID: Set<SessionID>] = [:]
        /// Grows with every message, so that a read which began before it is not kept.
        var epoch: UInt64 = 0
        var isListening = false
        var lookups = CacheCounts()
    }
    private let contents = Mutex(Contents())
    /// Sessions in memory, about 300 bytes each; past that all are forgotten and read anew.
    private let limit: Int
    /// Told of every change after it was taken in, on whichever thread that was.
    private let onChange: @Sendable (RightsChange) -> Void
    /// Told, perhaps again and again, while changes are not being heard of.
    private let onDoubt: @Sendable () -> Void

    package init(
        limit: Int = 100_000, onChange: @escaping @Sendable (RightsChange) -> Void = { _ in },
        onDoubt: @escaping @Sendable () -> Void = {}
    ) {
        self.limit = limit
        self.onChange = onChange
        self.onDoubt = onDoubt
    }

    /// - Returns: nil when the session is over or was never there.
    package func state(of id: SessionID, at now: Timestamp, _ database: Database) async throws(DatabaseFailure)
        -> Sessions.State?
    {
        // What ran out may be the session, or only one of its memberships.
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

    /// - Parameter isListening: whether changes are being heard of.
    package func listening(_ isListening: Bool) {
        contents.withLock { contents in
            contents.isListening = isListening
            contents.forgetAll()
        }
        // What was said while nobody listened has to be found out.
        if isListening { onChange(.everyone) } else { onDoubt() }
    }

    /// Takes in a message of the channel `guild_changed`, the guild's id: its settings decide who sees it.
    package func hearOfGuild(_ payload: String) {
        contents.withLock { $0.forgetAll() }
        onChange(GuildID(payload).map(RightsChange.guild) ?? .everyone)
    }

    /// Takes in a message of the channel `session_changed`: `s:<session>` or `u:<user>`.
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
