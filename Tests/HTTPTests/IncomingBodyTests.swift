import Testing

@testable import Formats
@testable import HTTP

@Suite struct `A body that is received` {
    private let budget: BodyBudget = {
        var limits = BodyBudget.Limits()
        (limits.process, limits.network, limits.unjudged, limits.unjudgedOfNetwork) = (100, 50, 40, 20)
        return BodyBudget(limits)
    }()

    private func body(limit: Int = 45, network: String = "203.0.113.1") throws -> IncomingBody {
        IncomingBody(BodyPolicy(limit: limit, network: try #require(IPAddress(network))), budget)
    }

    /// Receives so many bytes.
    private func receive(_ count: Int, _ body: inout IncomingBody) -> IncomingBody.Refusal? {
        unsafe [UInt8](repeating: 7, count: count).withUnsafeBytes { unsafe body.receive($0) }
    }

    @Test func `is counted piece by piece, until it is released`() throws {
        do {
            var body = try body()
            #expect(budget.total == 0)
            for (count, total) in [(5, 5), (0, 5), (10, 15)] {
                #expect(receive(count, &body) == nil)
                #expect(budget.total == total)
            }
            #expect(body.bytes == Array(repeating: 7, count: 15))
        }
        #expect(budget.total == 0)
    }

    @Test func `is refused beyond its own limit, before the budget is asked`() throws {
        do {
            var body = try body(limit: 10)
            #expect(receive(10, &body) == nil)
            #expect(receive(1, &body) == .tooLarge(limit: 10))
            #expect(budget.total == 10)
            #expect(body.bytes.count == 10)
        }
        #expect(budget.total == 0)
    }

    @Test func `is refused over its network's limit, and can continue after others are released`() throws {
        do {
            var first = try body()
            #expect(receive(15, &first) == nil)
            var second = try body()
            #expect(receive(5, &second) == nil)
            #expect(receive(1, &second) == .network)
            #expect(budget.total == 20)
            _ = consume first
            #expect(budget.total == 5)
            #expect(receive(15, &second) == nil)
        }
        #expect(budget.total == 0)
    }

    @Test func `may be larger once its request was judged, and returns that share`() throws {
        do {
            var body = try body()
            body.admit()
            #expect(receive(45, &body) == nil)
            // The share of unauthenticated requests is still unused.
            var other = try self.body()
            #expect(receive(20, &other) == nil)
            #expect(receive(1, &other) == .network)
        }
        #expect(budget.total == 0)
        do {
            var body = try body()
            body.admit()
            #expect(receive(45, &body) == nil)
        }
        #expect(budget.total == 0)
    }

    @Test func `is refused for the process, and returns nothing of others`() throws {
        do {
            var first = try body(network: "203.0.113.1")
            var second = try body(network: "203.0.113.2")
            #expect(receive(20, &first) == nil)
            #expect(receive(20, &second) == nil)
            do {
                var third = try body(network: "203.0.113.3")
                #expect(receive(1, &third) == .process)
            }
            #expect(budget.total == 40)
        }
        #expect(budget.total == 0)
    }
}
