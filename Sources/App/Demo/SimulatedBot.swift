internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence
internal import Synchronization
internal import Web

/// Demo mode's bot: the real health beacon as a process of its own, and a writer of measurements in this one.
final class SimulatedBot: Sendable {
    private let beacon: pid_t?
    private let isStopped = Mutex(false)
    private let threads = OffLoop(limit: 1)

    /// The first address is for the bot's role, the second for the owner of the sample data.
    static func start(_ botAddress: String, _ ownerAddress: String, _ log: Log) -> SimulatedBot {
        let bot = SimulatedBot(beacon: startBeacon(botAddress, log))
        Task {
            await bot.threads.run { bot.write(botAddress, ownerAddress) }
        }
        return bot
    }

    private init(beacon: pid_t?) { self.beacon = beacon }

    /// Ends with this process even if that is killed: a second start must not find two beacons.
    private static func startBeacon(_ address: String, _ log: Log) -> pid_t? {
        let program = Machine.programFolder + "/health-beacon"
        let environment = ["DATABASE_URL": address, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        do {
            let beacon = try ChildProcess.startBound(
                program, ["--interval", "10", "--shards", "4", "--guilds", "5", "--version", "demo"],
                environment: environment)
            log.info("started the simulated bot's beacon", [("pid", "\(beacon.identifier)")])
            return beacon.identifier
        } catch {
            log.warning("the simulated bot's beacon could not be started: \(error)")
            return nil
        }
    }

    func stop() {
        isStopped.withLock { $0 = true }
        guard let beacon else { return }
        let child = ChildProcess(identifier: beacon)
        child.signal(SIGTERM)
        child.wait(orKillAfter: .seconds(5))
    }

    /// Writes new numbers for some posts every few seconds, and occasionally a new post.
    private func write(_ botAddress: String, _ ownerAddress: String) {
        var measurements: SampleMeasurements?
        while !isStopped.withLock(\.self) {
            do {
                let open = try measurements ?? SampleMeasurements(bot: botAddress, owner: ownerAddress)
                measurements = open
                try open.write()
            } catch {
                measurements = nil
            }
            for _ in 0..<50 where !isStopped.withLock(\.self) { usleep(100_000) }
        }
    }
}
