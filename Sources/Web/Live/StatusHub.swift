internal import Domain
package import EventLoop
internal import Formats
internal import HTTP
package import Persistence

/// The open status streams of one loop, by guild.
///
/// All watchers of a guild get the same bytes.
package final class StatusHub: @unchecked Sendable {
    private final class Group {
        let access: GuildAccess
        var queue: BotQueue?
        var watchings: [Watching] = []
        var changes = Throttle(interval: .seconds(10))
        init(_ access: GuildAccess) { self.access = access }
    }

    package let loop: EventLoop
    private let database: Database
    private var groups: [GuildID: Group] = [:]
    private var latest: BotStatus?
    private var isTicking = false
    private var ticks = 0
    private let checks: StreamChecks

    package init(on loop: EventLoop, database: Database) {
        self.loop = loop
        self.database = database
        checks = StreamChecks(on: loop)
    }

    /// Opens a stream that sends the present state at once, and ends when its right ends.
    func open(
        in access: GuildAccess, by right: StreamRight, status: BotStatus?, queue: BotQueue?,
        onClose: @escaping () -> Void
    ) -> BodyStream {
        let stream = BodyStream(on: loop)
        let group = groups[access.guild] ?? Group(access)
        groups[access.guild] = group
        group.queue = queue
        let watching = Watching(stream, right)
        group.watchings.append(watching)
        stream.onClose { [self] in
            group.watchings.removeAll { $0 === watching }
            if group.watchings.isEmpty { groups[access.guild] = nil }
            onClose()
        }
        // The right may have been lost while the request was handled.
        checks.doubt([watching])
        // Clients reconnect after two to five seconds, so that they do not all return at once after a restart.
        stream.offer(.copy("retry: \(Int.random(in: 2_000...5_000))\n\n"))
        if let status = status ?? latest { stream.offer(event(status, queue)) }
        startTicking()
        return stream
    }

    /// Takes a new state; if it changed, sends it to all watchers.
    func take(_ status: BotStatus, isChange: Bool) {
        latest = status
        guard isChange else { return }
        for group in groups.values { send(status, to: group) }
    }

    private func send(_ status: BotStatus, to group: Group) {
        let bytes = event(status, group.queue)
        for watching in group.watchings { watching.stream.offer(bytes) }
    }

    func queueChanged(in guild: GuildID) {
        guard let group = groups[guild] else { return }
        Task(executorPreference: loop) { [self] in
            guard let queue = try? await database.read(BotHealth.queue, in: group.access), queue != group.queue else {
                return
            }
            group.queue = queue
            if let latest { send(latest, to: group) }
        }
    }

    /// Tells the watchers that the tracked data changed: at once, then every 10 s while it goes on changing.
    func trackingChanged(in guild: GuildID) {
        guard let group = groups[guild] else { return }
        switch group.changes.occurred(at: loop.now) {
        case .pass: sendChange(to: group)
        case .hold(let delay):
            loop.schedule(after: delay) { [self] in
                group.changes.released(at: loop.now)
                sendChange(to: group)
            }
        case .drop: break
        }
    }

    private func sendChange(to group: Group) {
        let bytes = Bytes("event: tracking\ndata: {}\n\n")
        for watching in group.watchings { watching.stream.offer(bytes) }
    }

    /// Open streams.
    var count: Int { groups.values.reduce(0) { $0 + $1.watchings.count } }

    private var watchings: [Watching] { groups.values.flatMap(\.watchings) }

    /// Rights may have changed: checks the affected streams again.
    func rightsChanged(_ change: RightsChange) {
        checks.doubt(watchings.filter { $0.right.isTouched(by: change) })
    }

    /// Every second: ends the streams whose right has expired.
    ///
    /// Every 15 s: a comment, which keeps proxies from closing the connection and detects clients that have
    /// disconnected.
    private func startTicking() {
        guard !isTicking else { return }
        isTicking = true
        loop.schedule(after: .seconds(1)) { [self] in
            isTicking = false
            ticks += 1
            let watchings = watchings
            checks.doubt(watchings.filter(\.isOver))
            if ticks.isMultiple(of: 15) {
                let comment = Bytes(":\n\n")
                for watching in watchings { watching.stream.offer(comment) }
            }
            if !groups.isEmpty { startTicking() }
        }
    }

    private func event(_ status: BotStatus, _ queue: BotQueue?) -> Bytes {
        var json = JSONWriter(capacity: 768)
        json.out.literal("event: status\nid: ")
        json.out.integer(status.asOf.microseconds)
        json.out.literal("\ndata: ")
        json.object { StatusJSON.write(status, queue, to: &$0) }
        json.out.literal("\n\n")
        return json.finish()
    }
}
