internal import Formats

/// A queue that does not move its elements.
struct Fifo<Element> {
    private var items: [Element?] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { head == items.count }
    var first: Element? { isEmpty ? nil : items[head] }

    mutating func append(_ element: Element) { items.append(element) }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = items[head]
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, 2 * head >= items.count {
            items.removeFirst(head)
            head = 0
        }
        return element
    }

    mutating func updateFirst(_ change: (inout Element) -> Void) {
        guard var element = first else { return }
        change(&element)
        items[head] = element
    }

    /// From the first to the last.
    var elements: [Element] { items[head...].compactMap { $0 } }

    mutating func takeAll() -> [Element] {
        defer {
            items.removeAll()
            head = 0
        }
        return elements
    }
}
