internal import CEpoll

/// The events that a descriptor is watched for, or is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: 1)
    package static let writable = Readiness(rawValue: 2)
    /// The other end has closed its side.
    package static let hungUp = Readiness(rawValue: 4)

    /// Errors and hang-ups count as readable: the next read names them.
    init(events: UInt32) {
        var found: Readiness = []
        if events & (EPOLLIN.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { found.insert(.readable) }
        if events & EPOLLOUT.rawValue != 0 { found.insert(.writable) }
        if events & EPOLLRDHUP.rawValue != 0 { found.insert(.hungUp) }
        self = found
    }

    var events: UInt32 {
        (contains(.readable) ? EPOLLIN.rawValue : 0) | (contains(.writable) ? EPOLLOUT.rawValue : 0)
            | (contains(.hungUp) ? EPOLLRDHUP.rawValue : 0)
    }
}

/// Something that is told when its descriptor is ready.
///
/// Called on the loop.
package protocol Watcher: AnyObject {
    func ready(_ readiness: Readiness)
}

/// A library that does its own reading and writing, and is run whenever it may have something to do.
package protocol Poller: AnyObject {
    var hasWork: Bool { get }
    /// The longest it may be left alone, or nil when only its descriptors wake it.
    var timeoutMilliseconds: Int? { get }
    func poll()
}

package struct WatchToken: Sendable {
    let tag: UInt64
}

/// Watchers by slot.
///
/// A slot's generation keeps an event that was queued for a closed descriptor from its successor.
struct WatchTable {
    private struct Slot {
        var watcher: (any Watcher)?
        var descriptor: Int32
        var generation: UInt32
    }
    private var slots: [Slot] = []
    private var free: [Int] = []

    mutating func add(_ watcher: any Watcher, descriptor: Int32) -> WatchToken {
        if let index = free.popLast() {
            let generation = slots[index].generation &+ 1
            slots[index] = Slot(watcher: watcher, descriptor: descriptor, generation: generation)
            return token(index, generation)
        }
        slots.append(Slot(watcher: watcher, descriptor: descriptor, generation: 0))
        return token(slots.count - 1, 0)
    }

    mutating func remove(_ token: WatchToken) {
        guard let index = index(of: token.tag) else { return }
        slots[index].watcher = nil
        free.append(index)
    }

    func watcher(for tag: UInt64) -> (any Watcher)? { index(of: tag).flatMap { slots[$0].watcher } }

    func descriptor(of token: WatchToken) -> Int32? { index(of: token.tag).map { slots[$0].descriptor } }

    private func token(_ index: Int, _ generation: UInt32) -> WatchToken {
        WatchToken(tag: UInt64(generation) << 32 | UInt64(index))
    }

    private func index(of tag: UInt64) -> Int? {
        let index = Int(tag & 0xffff_ffff)
        guard index < slots.count, slots[index].generation == UInt32(tag >> 32), slots[index].watcher != nil else {
            return nil
        }
        return index
    }
}
