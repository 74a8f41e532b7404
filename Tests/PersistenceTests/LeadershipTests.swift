import EventLoop
import Formats
import Synchronization
import TestKit
import Testing

@testable import Persistence

/// The lead that sessions compete for, as one database keeps it.
private final class Lead: Sendable {
    private struct State {
        var holder: ObjectIdentifier?
        var isReachable = true
        var sessions: [SessionStandIn] = []
        var attempts = 0
        var claims = 0
    }
    private let state = Mutex(State())

    var attempts: Int { state.withLock(\.attempts) }
    var claims: Int { state.withLock(\.claims) }

    func reach(_ isReachable: Bool) { state.withLock { $0.isReachable = isReachable } }

    func open() -> SessionStandIn? {
        state.withLock { state in
            state.attempts += 1
            guard state.isReachable else { return nil }
            let session = SessionStandIn(self)
            state.sessions.append(session)
            return session
        }
    }

    func claim(_ session: SessionStandIn) -> Bool {
        state.withLock { state in
            state.claims += 1
            guard state.holder == nil else { return false }
            state.holder = ObjectIdentifier(session)
            return true
        }
    }

    func release(_ session: SessionStandIn) {
        state.withLock { if $0.holder == ObjectIdentifier(session) { $0.holder = nil } }
    }

    /// The session that leads, or the last that was opened.
    var leading: SessionStandIn? {
        state.withLock { state in state.sessions.first { ObjectIdentifier($0) == state.holder } }
    }
    var last: SessionStandIn? { state.withLock(\.sessions.last) }
}

/// Used on the loop.
private final class SessionStandIn: LeaderSession, @unchecked Sendable {
    private let lead: Lead
    private(set) var isOpen = true
    private var action: (() -> Void)?

    init(_ lead: Lead) { self.lead = lead }

    func onLoss(_ action: @escaping () -> Void) { self.action = action }
    func prepare() async {}
    func claim() async -> Bool { isOpen && lead.claim(self) }

    func close() {
        guard isOpen else { return }
        isOpen = false
        lead.release(self)
        action?()
        action = nil
    }
}

@Suite struct `The lead of the background work` {
    private let stepped: SteppedLoop
    private let lead = Lead()

    init() throws { stepped = try SteppedLoop() }

    private final class Log: Sendable {
        let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
    }
    private let log = Log()

    /// A process that competes.
    private func process(_ name: String) async -> Leadership {
        let (lead, log, loop) = (lead, log, stepped.loop)
        let leadership = Leadership(on: loop, opening: { $0(lead.open()) }) { isLeader in
            log.lines.withLock { $0.append("\(name) \(isLeader ? "leads" : "lost")") }
        }
        await stepped.run { leadership.start() }
        await stepped.settle()
        return leadership
    }

    private func leads(_ leadership: Leadership) async -> Bool { await stepped.run { leadership.isLeader } }

    @Test func `is won by the first process, and the others retry every 2 seconds`() async {
        let (first, second) = (await process("first"), await process("second"))
        #expect(await leads(first))
        #expect(await !leads(second))
        #expect(lead.claims == 2)
        await stepped.advance(.milliseconds(1_999))
        #expect(lead.claims == 2)
        await stepped.advance(.milliseconds(1))
        #expect(lead.claims == 3)
        #expect(log.all == ["first leads"])
    }

    @Test func `passes to another within 2 seconds when the leader's connection dies`() async {
        let (first, second) = (await process("first"), await process("second"))
        await stepped.advance(.seconds(1))
        let session = lead.leading
        await stepped.run { session?.close() }
        await stepped.settle()
        #expect(await !leads(first))
        #expect(log.all == ["first leads", "first lost"])
        await stepped.advance(.seconds(1))
        #expect(await leads(second))
        #expect(log.all == ["first leads", "first lost", "second leads"])
        // The first is back, and waits for its turn.
        await stepped.advance(.seconds(60))
        #expect(log.all.count == 3)
        let next = lead.leading
        await stepped.run { next?.close() }
        await stepped.advance(.seconds(2))
        #expect(await leads(first))
        #expect(log.all.suffix(2) == ["second lost", "first leads"])
    }

    @Test func `is regained over a new connection`() async {
        let only = await process("only")
        let session = lead.leading
        await stepped.run { session?.close() }
        await stepped.advance(.milliseconds(1_999))
        #expect(await !leads(only))
        await stepped.advance(.milliseconds(1))
        #expect(await leads(only))
        #expect(log.all == ["only leads", "only lost", "only leads"])
        #expect(lead.attempts == 2)
    }

    @Test func `is tried for every 2 seconds while the database is away`() async {
        lead.reach(false)
        let only = await process("only")
        for attempts in 1...5 {
            #expect(lead.attempts == attempts)
            await stepped.advance(.seconds(2))
        }
        lead.reach(true)
        await stepped.advance(.seconds(2))
        #expect(await leads(only))
        #expect(log.all == ["only leads"])
    }

    @Test func `is not retried on a lost connection`() async {
        let (first, second) = (await process("first"), await process("second"))
        let waiting = lead.last
        #expect(await leads(first))
        lead.reach(false)
        await stepped.run { waiting?.close() }
        let claims = lead.claims
        for _ in 1...5 { await stepped.advance(.seconds(2)) }
        #expect(lead.claims == claims)
        #expect(await !leads(second))
        // Losing a connection without the lead is no change.
        #expect(log.all == ["first leads"])
    }

    @Test func `is given up by a process that stops, which then tries no more`() async {
        let (first, second) = (await process("first"), await process("second"))
        await stepped.run { first.stop() }
        await stepped.advance(.seconds(2))
        #expect(await leads(second))
        let attempts = lead.attempts
        await stepped.run { second.stop() }
        for _ in 1...5 { await stepped.advance(.seconds(2)) }
        #expect(lead.attempts == attempts)
        #expect(log.all == ["first leads", "first lost", "second leads", "second lost"])
    }
}
