package import EventLoop

/// One connection that listens for the whole process and hands each message to those who asked for its channel.
package final class Notifications: Watcher, @unchecked Sendable {
    package typealias Handler = @Sendable (_ payload: String) -> Void

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private var handlers: [String: [Handler]] = [:]
    private var onConnect: [@Sendable () -> Void] = []
    private var onLoss: [@Sendable () -> Void] = []
    private var connection: PQConnection?
    private var token: WatchToken?
    private var isStopped = false

    package init(_ settings: ConnectionSettings, on loop: EventLoop) {
        self.settings = settings
        self.loop = loop
    }

    // MARK: Before `start`

    /// Calls `handler` on the loop with the payload of every message on the channel.
    package func onMessage(_ channel: StaticString, _ handler: @escaping Handler) {
        handlers[channel.description, default: []].append(handler)
    }

    /// Messages sent while not listening are lost: here, what they would have said is to be read anew.
    package func onConnect(_ action: @escaping @Sendable () -> Void) { onConnect.append(action) }

    /// From here on what is known may be stale.
    package func onLoss(_ action: @escaping @Sendable () -> Void) { onLoss.append(action) }

    // MARK: On the loop

    package func start() { connect(delay: .milliseconds(50)) }

    package func stop() {
        isStopped = true
        close()
    }

    private func connect(delay: Duration) {
        Connecting.start(settings, on: loop) { [self] outcome in
            guard !isStopped else { return }
            do {
                try listen(on: try outcome.get())
            } catch {
                loop.schedule(after: delay) { [self] in
                    if !isStopped { connect(delay: min(delay * 2, .seconds(1))) }
                }
            }
        }
    }

    private func listen(on connection: PQConnection) throws {
        // Channel names are literals of this program, not input.
        let text = handlers.keys.sorted().map { "LISTEN \($0);" }.joined()
        guard connection.sendSimple(text) else { throw DatabaseFailure.unavailable(connection.message) }
        self.connection = connection
        token = try loop.watch(connection.socket, for: .readable, self)
        isListening = false
    }

    private var isListening = false

    package func ready(_ readiness: Readiness) {
        guard let connection else { return }
        guard connection.consumeInput() else { return lose() }
        while !isListening, !connection.isBusy {
            guard let answer = connection.nextAnswer() else {
                isListening = true
                for action in onConnect { action() }
                break
            }
            if case .refused = answer { return lose() }
        }
        while let message = connection.nextNotification() {
            for handler in handlers[message.channel] ?? [] { handler(message.payload) }
        }
        if !connection.isOpen { lose() }
    }

    private func lose() {
        close()
        for action in onLoss { action() }
        connect(delay: .milliseconds(50))
    }

    private func close() {
        if let token { loop.unwatch(token) }
        token = nil
        connection = nil
    }
}
