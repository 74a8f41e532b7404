import TestKit
import Testing

@testable import EventLoop

@Suite struct `An event loop` {
    private let threads = OffLoop(limit: 4)
    private let notes = Notes()

    @Test func `wakes up for jobs of other threads, and runs each on its own`() async throws {
        let (stepped, threads) = (try SteppedLoop(), threads)
        let own = stepped.loop
        #expect(!own.isCurrent)
        let ownRuns = Tally()
        let done = Countdown(4_000)
        await withTaskGroup { tasks in
            for _ in 1...4 {
                tasks.addTask {
                    await threads.run {
                        for _ in 1...1_000 {
                            own.execute {
                                if own.isCurrent { ownRuns.add(1) }
                                done.countDown()
                            }
                        }
                    }
                }
            }
        }
        await threads.run { done.wait() }
        #expect(ownRuns.count == 4_000)
    }

    @Test func `wakes up each time it has begun to wait again`() async throws {
        let stepped = try SteppedLoop()
        // No timer is set, so only a wake-up ends a wait before its 60 seconds.
        for number in 1...200 { #expect(await stepped.run { number } == number) }
    }

    @Test func `runs jobs of one thread in the order in which they were made`() async throws {
        let (stepped, notes) = (try SteppedLoop(), notes)
        for number in 1...100 { stepped.loop.execute { notes.add("\(number)") } }
        await stepped.settle()
        #expect(notes.all == (1...100).map { "\($0)" })
    }

    @Test func `runs the jobs that are queued when it is stopped`() async throws {
        let (loop, notes) = (try EventLoop(), notes)
        for number in 1...3 { loop.execute { notes.add("\(number)") } }
        loop.stop()
        await threads.run { loop.run() }
        #expect(notes.all == ["1", "2", "3"])
    }

    @Test func `runs jobs that jobs add, and then the idle handlers before a wait`() async throws {
        let (loop, notes) = (try EventLoop(), notes)
        loop.onIdle { notes.add("idle") }
        loop.execute {
            notes.add("job")
            loop.execute { notes.add("job of the job") }
            loop.stop()
        }
        await threads.run { loop.run() }
        #expect(notes.all == ["job", "job of the job", "idle"])
    }

    @Test func `lets pollers and jobs alternate until neither has any work`() async throws {
        let (loop, notes) = (try EventLoop(), notes)
        let poller = CountingPoller(loop, notes)
        loop.execute {
            loop.add(poller)
            poller.work = 2
        }
        // The job above is run before the first wait, the poller only after one.
        loop.execute { loop.schedule(after: .zero) { loop.execute { loop.stop() } } }
        await threads.run { loop.run() }
        #expect(notes.all == ["poll 1", "job 1", "poll 0", "job 0"])
    }
}

/// Makes a job at each poll, which notes the work that is left.
private final class CountingPoller: Poller, @unchecked Sendable {
    private let loop: EventLoop
    private let notes: Notes
    var work = 0

    init(_ loop: EventLoop, _ notes: Notes) { (self.loop, self.notes) = (loop, notes) }

    var hasWork: Bool { work > 0 }
    var timeoutMilliseconds: Int? { nil }

    func poll() {
        work -= 1
        notes.add("poll \(work)")
        loop.execute { [self, left = work] in notes.add("job \(left)") }
    }
}
