internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// What keeps a stream open after its request was let in: a session that lives, of a person who still sees the guild.
struct StreamRight: Sendable {
    let session: SessionID
    let user: UserID
    let guild: GuildID
    let sessions: SessionDirectory
    let now: @Sendable () -> Timestamp
    let database: Database

    /// Until when it holds as far as is known now; nil when it is gone.
    func end() async throws(DatabaseFailure) -> Timestamp? {
        guard let state = try await sessions.state(of: session, at: now(), database),
            state.memberships[guild] != nil
        else { return nil }
        return state.expires
    }

    func isTouched(by change: RightsChange) -> Bool {
        switch change {
        case .session(let session): self.session == session
        case .user(let user): self.user == user
        case .guild(let guild): self.guild == guild
        case .everyone: true
        }
    }
}

/// One open stream, and whose it is.
///
/// Lives on the loop of its hub.
final class Watching {
    let stream: BodyStream
    let right: StreamRight
    /// When the right ends by itself, once it was looked up.
    var end: Timestamp?
    var isDoubted = false

    init(_ stream: BodyStream, _ right: StreamRight) {
        self.stream = stream
        self.right = right
    }

    var isOver: Bool { end.map { $0 <= right.now() } ?? false }
}
