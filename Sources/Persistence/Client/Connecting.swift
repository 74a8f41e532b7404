internal import EventLoop
internal import Formats

/// Opens a connection on a loop without blocking, with a timeout for the whole attempt.
final class Connecting: Watcher {
    typealias Outcome = Result<PQConnection, DatabaseFailure>

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let connection: PQConnection
    private var completion: ((Outcome) -> Void)?
    private var token: WatchToken?
    private var timer: LoopTimer?
    private var isSettingUp = false
    private var refusal: DatabaseFailure?

    static func start(
        _ settings: ConnectionSettings, on loop: EventLoop, limit: Duration = .seconds(5),
        completion: @escaping (Outcome) -> Void
    ) {
        let attempt = Connecting(settings, on: loop, completion: completion)
        attempt.timer = loop.schedule(after: limit) {
            attempt.finish(.failure(.unavailable("connecting took too long")))
        }
        attempt.watch(.writable)
    }

    private init(_ settings: ConnectionSettings, on loop: EventLoop, completion: @escaping (Outcome) -> Void) {
        self.loop = loop
        self.settings = settings
        self.completion = completion
        connection = PQConnection.start(settings)
    }

    /// libpq may switch to another socket (a second address of the host), so each step watches it again.
    private func watch(_ readiness: Readiness) {
        if let token { loop.unwatch(token) }
        token = nil
        guard connection.socket >= 0 else { return finish(.failure(.unavailable(connection.message))) }
        do {
            token = try loop.watch(connection.socket, for: readiness, self)
        } catch {
            finish(.failure(.unavailable("\(error)")))
        }
    }

    func ready(_ readiness: Readiness) {
        if isSettingUp { return receive() }
        switch connection.poll() {
        case .wantsRead: watch(.readable)
        case .wantsWrite: watch(.writable)
        case .failed: finish(.failure(.unavailable(connection.message)))
        case .done:
            isSettingUp = true
            guard connection.sendSimple(settings.setUp) else {
                return finish(.failure(.unavailable(connection.message)))
            }
            watch(.readable)
        }
    }

    private func receive() {
        guard connection.consumeInput() else { return finish(.failure(.unavailable(connection.message))) }
        while !connection.isBusy {
            guard let answer = connection.nextAnswer() else {
                return finish(refusal.map(Outcome.failure) ?? .success(connection))
            }
            if case .refused(let error) = answer { refusal = DatabaseFailure(error) }
        }
    }

    private func finish(_ outcome: Outcome) {
        timer?.cancel()
        if let token { loop.unwatch(token) }
        token = nil
        let completion = completion
        self.completion = nil
        completion?(outcome)
    }
}
