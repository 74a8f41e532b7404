import EventLoop
import Formats
import HTTP
import Synchronization
import TestKit
import Testing

@testable import App
@testable import Persistence
@testable import Web

@Suite struct `Background jobs` {
    private let stepped: SteppedLoop
    private let counts = BackgroundCounts()
    private let leads = Flag(true)
    private let runs = Runs()

    init() throws { stepped = try SteppedLoop() }

    private func jobs(skipping skipped: BackgroundCounts.Work? = nil) -> BackgroundJobs {
        let leads = leads
        return BackgroundJobs(
            on: stepped.loop, counts: counts, log: Log(level: .error, format: .text), skipping: skipped
        ) { leads.isSet }
    }

    @Test func `run at once, and then at their intervals`() async {
        let (jobs, runs) = (jobs(), runs)
        await stepped.run {
            jobs.every(.seconds(2), .status) { runs.add("status") }
            jobs.every(.seconds(5), .notices) { runs.add("notices") }
        }
        await stepped.settle()
        #expect(runs.counts == ["status": 1, "notices": 1])
        for second in 1...20 {
            await stepped.advance(.seconds(1))
            #expect(runs.counts == ["status": 1 + second / 2, "notices": 1 + second / 5])
        }
        #expect(counts.outcomes(of: .status).done == 11)
    }

    @Test(arguments: [
        DatabaseFailure.unavailable("away") as any Error,
        DatabaseFailure.busy(.init(state: "40P01", message: "deadlock", constraint: nil)), Failure(),
    ])
    func `run again after one that failed, and count both`(failure: any Error) async {
        let (jobs, runs) = (jobs(), runs)
        await stepped.run {
            jobs.every(.seconds(5), .notices) {
                runs.add("run")
                if runs.counts["run"] == 2 { throw failure }
            }
        }
        await stepped.settle()
        for _ in 1...3 { await stepped.advance(.seconds(5)) }
        #expect(runs.counts == ["run": 4])
        #expect(counts.outcomes(of: .notices).done == 3)
        #expect(counts.outcomes(of: .notices).failed == 1)
    }

    @Test func `do not overlap if one is late, and do not delay other jobs`() async {
        let (jobs, runs, loop) = (jobs(), runs, stepped.loop)
        await stepped.run {
            jobs.every(.seconds(2), .status) {
                runs.add("begun")
                await loop.sleep(for: .seconds(9))
                runs.add("ended")
            }
            jobs.every(.seconds(2), .notices) { runs.add("other") }
        }
        await stepped.settle()
        for _ in 1...8 { await stepped.advance(.seconds(1)) }
        #expect(runs.counts == ["begun": 1, "other": 5])
        await stepped.advance(.seconds(1))
        #expect(runs.counts == ["begun": 1, "ended": 1, "other": 5])
        // The interval counts from the end of the run.
        await stepped.advance(.milliseconds(1_999))
        #expect(runs.counts["begun"] == 1)
        await stepped.advance(.milliseconds(1))
        #expect(runs.counts["begun"] == 2)
    }

    @Test func `of the leader run only while this process leads`() async {
        let (jobs, runs) = (jobs(), runs)
        leads.set(false)
        await stepped.run { jobs.everyIfLeading(.seconds(60), .housekeeping) { runs.add("run") } }
        await stepped.settle()
        for _ in 1...100 { await stepped.advance(.seconds(1)) }
        #expect(runs.counts == [:])
        leads.set(true)
        await stepped.advance(.seconds(1))
        #expect(runs.counts == ["run": 1])
        leads.set(false)
        await stepped.advance(.seconds(60))
        #expect(runs.counts == ["run": 1])
        // Regained: the next check finds it.
        leads.set(true)
        await stepped.advance(.seconds(1))
        #expect(runs.counts == ["run": 2])
    }

    @Test func `in steps end with the lead, in the middle of their work`() async {
        let (jobs, runs) = (jobs(), runs)
        await stepped.run {
            jobs.everyIfLeading(.seconds(60), .thinning) {
                try await jobs.whileLeading(pause: .milliseconds(200)) {
                    runs.add("step")
                    return true
                }
                runs.add("end")
            }
        }
        await stepped.settle()
        for _ in 1...4 { await stepped.advance(.milliseconds(200)) }
        #expect(runs.counts == ["step": 5])
        leads.set(false)
        await stepped.advance(.milliseconds(200))
        #expect(runs.counts == ["step": 5, "end": 1])
        for _ in 1...100 { await stepped.advance(.seconds(1)) }
        #expect(runs.counts == ["step": 5, "end": 1])
    }

    @Test func `in steps end when nothing is left to do`() async {
        let (jobs, runs) = (jobs(), runs)
        await stepped.run {
            jobs.everyIfLeading(.seconds(60), .thinning) {
                try await jobs.whileLeading(pause: .milliseconds(200)) {
                    runs.add("step")
                    return runs.counts["step"] != 3
                }
            }
        }
        await stepped.settle()
        for _ in 1...10 { await stepped.advance(.milliseconds(200)) }
        #expect(runs.counts == ["step": 3])
        #expect(counts.outcomes(of: .thinning).done == 1)
    }

    @Test func `end when they are stopped, jobs of the leader too`() async {
        let (jobs, runs) = (jobs(), runs)
        await stepped.run {
            jobs.every(.seconds(1), .status) { runs.add("status") }
            jobs.everyIfLeading(.seconds(1), .thinning) {
                try await jobs.whileLeading(pause: .milliseconds(200)) {
                    runs.add("step")
                    return true
                }
            }
        }
        await stepped.settle()
        await stepped.run { jobs.stop() }
        for _ in 1...20 { await stepped.advance(.seconds(1)) }
        #expect(runs.counts == ["status": 1, "step": 1])
    }

    @Test func `skip the job that crashed the last runs`() async {
        let (jobs, runs) = (jobs(skipping: .notices), runs)
        await stepped.run {
            jobs.every(.seconds(1), .notices) { runs.add("notices") }
            jobs.every(.seconds(1), .status) { runs.add("status") }
        }
        await stepped.settle()
        await stepped.advance(.seconds(1))
        #expect(runs.counts == ["status": 2])
        #expect(counts.outcomes(of: .notices).failed == 2)
    }

    @Test func `choose their pause after each run`() async {
        let (jobs, runs, fails) = (jobs(), runs, Flag(true))
        await stepped.run {
            jobs.forever(pause: { fails.isSet ? .seconds(2) : .seconds(60) }) { runs.add("run") }
        }
        await stepped.settle()
        await stepped.advance(.seconds(2))
        #expect(runs.counts == ["run": 2])
        fails.set(false)
        await stepped.advance(.seconds(2))
        #expect(runs.counts == ["run": 3])
        await stepped.advance(.seconds(59))
        #expect(runs.counts == ["run": 3])
        await stepped.advance(.seconds(1))
        #expect(runs.counts == ["run": 4])
    }
}

private struct Failure: Error {}

private final class Flag: Sendable {
    private let value: Atomic<Bool>
    init(_ isSet: Bool) { value = Atomic(isSet) }
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set(_ isSet: Bool) { value.store(isSet, ordering: .releasing) }
}

/// How often each job ran.
private final class Runs: Sendable {
    private let state = Mutex<[String: Int]>([:])
    func add(_ name: String) { state.withLock { $0[name, default: 0] += 1 } }
    var counts: [String: Int] { state.withLock { $0 } }
}
