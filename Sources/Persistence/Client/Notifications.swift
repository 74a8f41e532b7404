package import EventLoop
internal import Formats

/// One listening connection for the whole process.
///
/// It passes each notification to the handlers of its channel.
///
/// Used only on its loop.
package final class Notifications: Watcher, @unchecked Sendable {
    package typealias Handler = @Sendable (_ payload: String) -> Void

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private var handlers: [String: [Handler]] = [:]
    private var onConnect: [@Sendable () -> Void] = []
    private var onLoss: [@Sendable () -> Void] = []
    private var connection: PQConnection?
    private var token: WatchToken?
    private var isListening = false
    /// When the pending sign-of-life request was sent.
    private var asked: ContinuousClock.Instant?
    /// True while a sign of life is overdue; caches must not be used meanwhile.
    private var isSuspect = false
    private var looks = 0
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

    /// Notifications sent while not listening are lost, so the action must reload its data.
    package func onConnect(_ action: @escaping @Sendable () -> Void) { onConnect.append(action) }

    /// From here on cached data may be outdated.
    ///
    /// Called once a second while there is no connection, or while a sign of life is overdue.
    package func onLoss(_ action: @escaping @Sendable () -> Void) { onLoss.append(action) }

    // MARK: On the loop

    package func start() {
        connect(delay: .milliseconds(50))
        watch()
    }

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
        asked = loop.now
    }

    package func ready(_ readiness: Readiness) {
        guard let connection else { return }
        guard connection.consumeInput() else { return lose() }
        while !isListening || asked != nil, !connection.isBusy {
            guard let answer = connection.nextAnswer() else {
                hear()
                break
            }
            if case .refused = answer { return lose() }
        }
        while let message = connection.nextNotification() {
            for handler in handlers[message.channel] ?? [] { handler(message.payload) }
        }
        if !connection.isOpen { lose() }
    }

    /// The end of the response to `LISTEN` or to a sign-of-life request.
    private func hear() {
        let isNew = !isListening || isSuspect
        isListening = true
        isSuspect = false
        asked = nil
        looks = 0
        if isNew { for action in onConnect { action() } }
    }

    /// Detects a stalled server, so that changes are not missed for long.
    ///
    /// Sends an empty query twice a second. After a second without a response cached data is no longer trusted; after
    /// five the connection is closed.
    private func watch() {
        loop.schedule(after: .milliseconds(500)) { [self] in
            guard !isStopped else { return }
            check()
            watch()
        }
    }

    private func check() {
        // After a pause of the loop the response may have arrived already.
        ready(.readable)
        if isListening, asked == nil, let connection {
            asked = loop.now
            return connection.sendSimple("") ? () : lose()
        }
        // `LISTEN` has the same timeout, although no sign-of-life request was sent.
        let silence = asked?.duration(to: loop.now) ?? .zero
        if silence > .seconds(5) { return lose() }
        guard !isListening || silence > .milliseconds(900) else { return }
        isSuspect = isListening
        doubt()
    }

    /// Calls the actions on each second check, so once a second, while nothing arrives.
    private func doubt() {
        looks += 1
        if !looks.isMultiple(of: 2) { for action in onLoss { action() } }
    }

    private func lose() {
        close()
        looks = 0
        doubt()
        connect(delay: .milliseconds(50))
    }

    private func close() {
        if let token { loop.unwatch(token) }
        token = nil
        connection = nil
        isListening = false
        isSuspect = false
        asked = nil
    }
}
