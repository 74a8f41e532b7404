internal import Domain
package import EventLoop
package import Persistence

/// The open status streams of one loop, by guild: all watchers of a guild get the same bytes.
package final class StatusHub: @unchecked Sendable {
    private final class Group {
        let access: GuildAccess
        var queue: BotHealth.Queue?
        var streams: [BodyStream] = []
        init(_ access: GuildAccess) { self.access = access }
    }

    package let loop: EventLoop
    private let database: Database
    private var groups: [GuildID: Group] = [:]
    private var latest: BotHealth.Status?
    private var isTicking = false

    package init(on loop: EventLoop, database: Database) {
        self.loop = loop
        self.database = database
    }

    /// Opens a stream that says at once how things are.
    func open(
        in access: GuildAccess, status: BotHealth.Status?, queue: BotHealth.Queue?, onClose: @escaping () -> Void
    ) -> BodyStream {
        let stream = BodyStream(on: loop)
        let group = groups[access.guild] ?? Group(access)
        groups[access.guild] = group
        group.queue = queue
        group.streams.append(stream)
        stream.onClose { [self] in
            group.streams.removeAll { $0 === stream }
            if group.streams.isEmpty { groups[access.guild] = nil }
            onClose()
        }
        // A dropped connection is tried again after two to five seconds, so that a restart is not met by all at once.
        stream.offer(.copy("retry: \(Int.random(in: 2_000...5_000))\n\n"))
        if let status = status ?? latest { stream.offer(event(status, queue)) }
        startTicking()
        return stream
    }

    /// The state was read anew; where it changed, everyone hears of it.
    func take(_ status: BotHealth.Status, isChange: Bool) {
        latest = status
        guard isChange else { return }
        for group in groups.values { send(status, to: group) }
    }

    private func send(_ status: BotHealth.Status, to group: Group) {
        let bytes = event(status, group.queue)
        for stream in group.streams { stream.offer(bytes) }
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

    /// A comment every 15 s: keeps proxies from closing the connection, and finds the clients that are gone.
    private func startTicking() {
        guard !isTicking else { return }
        isTicking = true
        loop.schedule(after: .seconds(15)) { [self] in
            isTicking = false
            let comment = Bytes(":\n\n")
            for group in groups.values { for stream in group.streams { stream.offer(comment) } }
            if !groups.isEmpty { startTicking() }
        }
    }

    private func event(_ status: BotHealth.Status, _ queue: BotHealth.Queue?) -> Bytes {
        var json = JSONWriter(capacity: 768)
        json.out.literal("event: status\nid: ")
        json.out.integer(status.asOf.microseconds)
        json.out.literal("\ndata: ")
        json.object { StatusJSON.write(status, queue, to: &$0) }
        json.out.literal("\n\n")
        return json.finish()
    }
}
