internal import Formats
internal import Glibc
internal import HealthBeacon

/// Sends heartbeats until it is stopped.
struct BeaconLoop {
    private let options: BeaconOptions
    private var signals = sigset_t()

    init(_ options: BeaconOptions) {
        self.options = options
        signal(SIGPIPE, SIG_IGN)
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// - Returns: the exit code: 0 if stored, else 1.
    func runOnce() -> Int32 {
        var beacon = Beacon(address: options.address)
        do {
            try beacon.send(options.heartbeat)
            return 0
        } catch {
            say("the heartbeat was not stored: \(error)")
            return 1
        }
    }

    /// No error ends it: if the database is unreachable, it retries, soon at first and then every ten seconds.
    func run() -> Int32 {
        var beacon = Beacon(address: options.address)
        var heartbeat = options.heartbeat
        heartbeat.startedAtMicroseconds = now()
        var failures = 0
        var wait = 0
        while !stopped(within: wait) {
            do {
                try beacon.send(heartbeat)
                if failures > 0 { say("heartbeats are stored again") }
                failures = 0
                wait = options.interval * 1_000
            } catch {
                if failures == 0 { say("a heartbeat was not stored, trying again: \(error)") }
                wait = min(10_000, options.interval * 1_000, 250 << min(failures, 8))
                failures += 1
            }
        }
        heartbeat.status = .stopping
        try? beacon.send(heartbeat)
        return 0
    }

    /// Waits that many milliseconds for a stop signal.
    private func stopped(within milliseconds: Int) -> Bool {
        var limit = timespec(tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
        var signals = signals
        return unsafe sigtimedwait(&signals, nil, &limit) > 0
    }

    private func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
