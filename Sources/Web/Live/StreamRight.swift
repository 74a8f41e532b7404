internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The right of an open stream: a live session of a person who can still see the guild.
struct StreamRight: Sendable {
    let session: SessionID
    let user: UserID
    let guild: GuildID
    let sessions: SessionDirectory
    let now: @Sendable () -> Timestamp
    let database: Database

    /// When the right expires, as far as is known; nil if it is lost.
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

/// One open stream and its right.
///
/// Used only on the loop of its hub.
final class Watching {
    let stream: BodyStream
    let right: StreamRight
    /// When the right expires; nil before the first check.
    var end: Timestamp?
    var isDoubted = false

    init(_ stream: BodyStream, _ right: StreamRight) {
        self.stream = stream
        self.right = right
    }

    var isOver: Bool { end.map { $0 <= right.now() } ?? false }
}
