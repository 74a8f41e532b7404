import Formats
import TestKit
import Testing

@testable import Persistence

@Suite struct `A queue that does not move its elements` {
    @Test func `gives them back in the order in which they came`() {
        var queue = Fifo<Int>()
        #expect(queue.isEmpty && queue.popFirst() == nil && queue.first == nil)
        for number in 1...3 { queue.append(number) }
        queue.updateFirst { $0 += 10 }
        #expect(queue.first == 11 && queue.elements == [11, 2, 3])
        #expect((1...4).map { _ in queue.popFirst() } == [11, 2, 3, nil])
        #expect(queue.takeAll() == [] && queue.count == 0)
    }

    @Test func `agrees with an array over any order of events`() {
        var (queue, model, numbers) = (Fifo<Int>(), [Int](), RandomNumberGeneratorForTests(seed: 9))
        for number in 1...20_000 {
            // It grows at first, and shrinks later.
            if Int.random(in: 0..<20_000, using: &numbers) > number {
                queue.append(number)
                model.append(number)
            } else {
                #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(queue.count == model.count && queue.first == model.first)
        }
        queue.append(1)
        model.append(1)
        #expect(queue.elements == model && queue.takeAll() == model && queue.isEmpty)
    }
}
