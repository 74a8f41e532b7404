import Testing

@testable import HTTP

@Suite struct `Connections that wait for a request` {
    private let start = ContinuousClock.now
    private let limits: HTTPServer.Limits = {
        var limits = HTTPServer.Limits()
        (limits.head, limits.idle) = (.seconds(10), .seconds(60))
        return limits
    }()
    private let line = RequestLine(text: "/status", end: 0)

    private func overdue(
        _ idle: IdleConnections<String>, after time: Duration
    ) -> [String: IdleConnectionOverdue] {
        Dictionary(uniqueKeysWithValues: idle.overdue(limits, at: start + time).map { ($0.key, $0.reason) })
    }

    @Test func `are closed after 10 seconds if they are new, and after 60 if they were kept`() {
        var idle = IdleConnections<String>()
        idle.add("new", isFirst: true, at: start)
        idle.add("kept", isFirst: false, at: start)
        #expect(overdue(idle, after: .seconds(10)) == [:])
        #expect(overdue(idle, after: .milliseconds(10_001)) == ["new": .silent])
        #expect(overdue(idle, after: .seconds(60)) == ["new": .silent])
        #expect(overdue(idle, after: .milliseconds(60_001)) == ["new": .silent, "kept": .silent])
    }

    @Test func `have 10 seconds from the request line until the header is complete`() {
        var idle = IdleConnections<String>()
        idle.add("new", isFirst: true, at: start)
        idle.add("kept", isFirst: false, at: start)
        idle.noteLine(line, of: "new", at: start + .seconds(9))
        idle.noteLine(line, of: "kept", at: start + .seconds(59))
        #expect(overdue(idle, after: .seconds(19)) == [:])
        #expect(overdue(idle, after: .milliseconds(19_001)) == ["new": .slowHead])
        #expect(overdue(idle, after: .seconds(69)) == ["new": .slowHead])
        #expect(overdue(idle, after: .milliseconds(69_001)) == ["new": .slowHead, "kept": .slowHead])
    }

    @Test func `are forgotten when their header is complete or they have closed`() {
        var idle = IdleConnections<String>()
        idle.add("silent", isFirst: true, at: start)
        idle.noteLine(line, of: "asking", at: start)
        #expect(idle.remove("silent") == nil)
        #expect(idle.remove("asking")?.text == "/status")
        #expect(idle.remove("asking") == nil)
        #expect(overdue(idle, after: .seconds(1_000)) == [:])
        #expect(idle.oldest(9, since: start + .seconds(1_000)) == [])
        #expect(idle.unfinished(since: start + .seconds(1_000)) == [])
    }

    @Test func `start a new deadline when they are kept for another request`() {
        var idle = IdleConnections<String>()
        idle.add("a", isFirst: true, at: start)
        idle.noteLine(line, of: "a", at: start)
        idle.remove("a")
        idle.add("a", isFirst: false, at: start + .seconds(5))
        #expect(overdue(idle, after: .seconds(65)) == [:])
        #expect(overdue(idle, after: .milliseconds(65_001)) == ["a": .silent])
    }

    @Test func `make room in the order in which they began to wait`() {
        var idle = IdleConnections<String>()
        for (index, key) in ["d", "b", "a", "c"].enumerated() {
            idle.add(key, isFirst: index.isMultiple(of: 2), at: start + .seconds(index))
        }
        #expect(idle.oldest(2, since: start + .seconds(9)) == ["d", "b"])
        #expect(idle.oldest(9, since: start + .seconds(9)) == ["d", "b", "a", "c"])
        #expect(idle.oldest(0, since: start + .seconds(9)) == [])
    }

    @Test func `make no room before they have waited for the shortest time`() {
        var idle = IdleConnections<String>()
        idle.add("old", isFirst: true, at: start)
        idle.add("young", isFirst: true, at: start + .milliseconds(1))
        #expect(idle.oldest(9, since: start) == ["old"])
        #expect(idle.oldest(9, since: start - .milliseconds(1)) == [])
    }

    @Test func `make room as silent ones or as unfinished ones, never as both`() {
        var idle = IdleConnections<String>()
        idle.add("silent", isFirst: true, at: start)
        idle.add("asking", isFirst: true, at: start)
        idle.noteLine(line, of: "asking", at: start + .seconds(3))
        #expect(idle.oldest(9, since: start + .seconds(9)) == ["silent"])
        #expect(idle.unfinished(since: start + .seconds(3)) == ["asking"])
        // The time counts from the request line.
        #expect(idle.unfinished(since: start + .milliseconds(2_999)) == [])
    }
}
