import Glibc
import TestKit
import Testing

@testable import EventLoop

/// A pipe whose reading end a loop watches.
private final class Pipe: Watcher, @unchecked Sendable {
    let reading: Int32
    let writing: Int32
    private let loop: EventLoop
    private let notes: Notes
    private let name: String
    private var token: WatchToken?
    /// Called on the loop when the pipe is ready.
    var onReady: () -> Void = {}

    init(_ name: String, on loop: EventLoop, _ notes: Notes) {
        var ends: [Int32] = [-1, -1]
        // Closed in the programs that other tests start meanwhile: an end that they keep would never close.
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
        (reading, writing) = (ends[0], ends[1])
        (self.name, self.loop, self.notes) = (name, loop, notes)
    }

    deinit {
        close(reading)
        close(writing)
    }

    func watch() { token = try? loop.watch(reading, for: .readable, self) }

    func unwatch() {
        if let token { loop.unwatch(token) }
        token = nil
    }

    func ready(_ readiness: Readiness) {
        notes.add("\(name) \(readiness.contains(.readable) ? "readable" : "not readable")")
        onReady()
    }

    func put() {
        var byte: UInt8 = 1
        unsafe write(writing, &byte, 1)
    }

    func take() {
        var byte: UInt8 = 0
        unsafe read(reading, &byte, 1)
    }
}

@Suite struct `Watched descriptors` {
    private let stepped: SteppedLoop
    private let notes = Notes()

    init() throws { stepped = try SteppedLoop() }

    @Test func `call back each time that data is readable`() async {
        let pipe = Pipe("a", on: stepped.loop, notes)
        await stepped.run {
            pipe.onReady = { pipe.take() }
            pipe.watch()
        }
        await stepped.settle()
        #expect(notes.all == [])
        for _ in 1...3 { pipe.put() }
        await stepped.settle()
        await stepped.settle()
        #expect(notes.all == ["a readable", "a readable", "a readable"])
        await stepped.run { pipe.unwatch() }
        pipe.put()
        await stepped.settle()
        #expect(notes.all.count == 3)
    }

    @Test func `call back when the other end closes`() async {
        let pipe = Pipe("a", on: stepped.loop, notes)
        await stepped.run {
            pipe.onReady = { pipe.unwatch() }
            pipe.watch()
        }
        shutdown(pipe.writing, Int32(SHUT_WR))
        await stepped.settle()
        #expect(notes.all == ["a readable"])
    }

    @Test func `do not call back after their watch ended in the same turn`() async {
        let (first, second) = (Pipe("first", on: stepped.loop, notes), Pipe("second", on: stepped.loop, notes))
        await stepped.run { [loop = stepped.loop] in
            for (pipe, other) in [(first, second), (second, first)] {
                pipe.onReady = {
                    pipe.unwatch()
                    other.unwatch()
                }
                pipe.watch()
                pipe.put()
            }
            // The loop finds both ready at once, since this job ends before it waits.
            #expect(loop.isCurrent)
        }
        await stepped.settle()
        #expect(notes.all.count == 1)
    }

    @Test func `that replace one whose event is still queued do not receive it`() async {
        let (old, new) = (Pipe("old", on: stepped.loop, notes), Pipe("new", on: stepped.loop, notes))
        let trigger = Pipe("trigger", on: stepped.loop, notes)
        await stepped.run {
            for pipe in [trigger, old] {
                pipe.watch()
                pipe.put()
            }
            // The first of the two ends both, and the new one takes the place of the other.
            for pipe in [trigger, old] {
                pipe.onReady = {
                    trigger.unwatch()
                    old.unwatch()
                    new.watch()
                }
            }
        }
        await stepped.settle()
        #expect(notes.all.count == 1)
        #expect(!notes.all.contains("new readable"))
        await stepped.run { new.unwatch() }
    }

    @Test func `that do not exist are refused without a trace`() async throws {
        let pipe = Pipe("a", on: stepped.loop, notes)
        let refusal = await stepped.run { [loop = stepped.loop] in
            do throws(SystemError) {
                _ = try loop.watch(-1, for: .readable, pipe)
                return nil as SystemError?
            } catch {
                return error
            }
        }
        #expect(refusal?.call == "epoll_ctl" && refusal?.code == EBADF)
    }
}

@Suite struct `The table of watchers` {
    private final class Silent: Watcher {
        func ready(_ readiness: Readiness) {}
    }

    @Test func `finds a watcher by its token until it is removed`() {
        var table = WatchTable()
        let watchers = [Silent(), Silent()]
        let tokens = watchers.enumerated().map { table.add($1, descriptor: Int32($0)) }
        for (index, token) in tokens.enumerated() {
            #expect(table.watcher(for: token.tag) === watchers[index])
            #expect(table.descriptor(of: token) == Int32(index))
        }
        table.remove(tokens[0])
        #expect(table.watcher(for: tokens[0].tag) == nil)
        #expect(table.descriptor(of: tokens[0]) == nil)
        #expect(table.watcher(for: tokens[1].tag) === watchers[1])
    }

    @Test func `gives a reused place another token`() {
        var table = WatchTable()
        let (old, new) = (Silent(), Silent())
        let first = table.add(old, descriptor: 1)
        table.remove(first)
        let second = table.add(new, descriptor: 2)
        #expect(first.tag != second.tag)
        #expect(table.watcher(for: first.tag) == nil)
        #expect(table.watcher(for: second.tag) === new)
        // Removing the old one again does not free the place of the new one.
        table.remove(first)
        let third = table.add(old, descriptor: 3)
        #expect(table.watcher(for: second.tag) === new)
        #expect(table.watcher(for: third.tag) === old)
        #expect(table.watcher(for: Epoll.wakeUpTag) == nil)
    }
}
