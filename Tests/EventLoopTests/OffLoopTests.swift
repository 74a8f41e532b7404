import TestKit
import Testing

@testable import EventLoop

@Suite struct `Threads beside the loops` {
    @Test func `are never more than the limit`() async {
        let threads = OffLoop(limit: 3)
        let running = Tally()
        await withTaskGroup { tasks in
            for _ in 1...300 {
                tasks.addTask {
                    await threads.run {
                        running.add(1)
                        running.add(-1)
                    }
                }
            }
        }
        #expect((1...3).contains(running.most))
        #expect(running.count == 0)
    }

    @Test func `run jobs side by side`() async {
        let threads = OffLoop(limit: 2)
        let (first, second) = (Countdown(1), Countdown(1))
        // Each waits for the other, so neither would end alone.
        async let one = threads.run {
            first.countDown()
            second.wait()
            return 1
        }
        async let two = threads.run {
            second.countDown()
            first.wait()
            return 2
        }
        #expect(await [one, two] == [1, 2])
    }

    @Test func `bring a task back to its loop`() async throws {
        let (stepped, threads) = (try SteppedLoop(), OffLoop(limit: 1))
        let loop = stepped.loop
        let places = await stepped.run {
            let before = loop.isCurrent
            let meanwhile = await threads.run { loop.isCurrent }
            return [before, meanwhile, loop.isCurrent]
        }
        #expect(places == [true, false, true])
    }

    @Test func `work again after they were idle`() async {
        let threads = OffLoop(limit: 1)
        for number in 1...50 { #expect(await threads.run { number } == number) }
    }
}

@Suite struct `Slots of concurrent uses` {
    @Test func `are as many as were made, and can be taken again`() {
        let slots = Slots(2)
        #expect((1...3).map { _ in slots.take() } == [true, true, false])
        slots.giveBack()
        #expect((1...2).map { _ in slots.take() } == [true, false])
    }
}
