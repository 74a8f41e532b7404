import TestKit
import Testing

@testable import Formats
@testable import HTTP

@Suite struct `The budget of request bodies` {
    private typealias Share = BodyBudget.Share

    private let limits: BodyBudget.Limits = {
        var limits = BodyBudget.Limits()
        (limits.process, limits.network, limits.unjudged, limits.unjudgedOfNetwork) = (100, 50, 60, 20)
        return limits
    }()

    private func share(_ network: Int, judged: Bool = true) throws -> Share {
        Share(network: try #require(IPAddress("203.0.113.\(network)")), isJudged: judged)
    }

    @Test func `limits the process, even if the networks have budget left`() throws {
        let budget = BodyBudget(limits)
        #expect(budget.reserve(50, for: try share(1)) == nil)
        #expect(budget.reserve(49, for: try share(2)) == nil)
        #expect(budget.reserve(2, for: try share(3)) == .process)
        #expect(budget.total == 99)
        #expect(budget.reserve(1, for: try share(3)) == nil)
        #expect(budget.reserve(1, for: try share(4)) == .process)
        #expect(budget.total == 100)
    }

    @Test func `limits each network, even if the process has budget left`() throws {
        let budget = BodyBudget(limits)
        #expect(budget.reserve(51, for: try share(1)) == .network)
        #expect(budget.reserve(30, for: try share(1)) == nil)
        #expect(budget.reserve(21, for: try share(1)) == .network)
        #expect(budget.reserve(20, for: try share(1)) == nil)
        #expect(budget.reserve(20, for: try share(2)) == nil)
        #expect(budget.total == 70)
    }

    @Test func `has a smaller part for bodies of unauthenticated requests`() throws {
        let budget = BodyBudget(limits)
        #expect(budget.reserve(21, for: try share(1, judged: false)) == .network)
        for network in 1...3 { #expect(budget.reserve(20, for: try share(network, judged: false)) == nil) }
        #expect(budget.reserve(1, for: try share(4, judged: false)) == .process)
        // Authenticated requests can use the rest, also in the same networks.
        #expect(budget.reserve(40, for: try share(1)) == nil)
        #expect(budget.reserve(1, for: try share(4)) == .process)
    }

    @Test func `does not count refused bytes`() throws {
        let budget = BodyBudget(limits)
        for _ in 1...3 { #expect(budget.reserve(51, for: try share(1)) == .network) }
        #expect(budget.total == 0)
        #expect(budget.reserve(50, for: try share(1)) == nil)
    }

    @Test func `counts released bytes as free`() throws {
        let budget = BodyBudget(limits)
        for judged in [true, false] {
            let own = try share(1, judged: judged)
            #expect(budget.reserve(20, for: own) == nil)
            budget.release(15, for: own)
            #expect(budget.total == 5)
            budget.release(0, for: own)
            #expect(budget.reserve(15, for: own) == nil)
            budget.release(20, for: own)
            #expect(budget.total == 0)
        }
        for network in 1...3 { #expect(budget.reserve(20, for: try share(network, judged: false)) == nil) }
    }

    @Test func `adds up over any order of bodies`() throws {
        let budget = BodyBudget(limits)
        var numbers = RandomNumberGeneratorForTests(seed: 11)
        var kept: [(share: Share, count: Int)] = []
        for _ in 1...20_000 {
            if Bool.random(using: &numbers), let index = kept.indices.randomElement(using: &numbers) {
                let body = kept.remove(at: index)
                budget.release(body.count, for: body.share)
            } else {
                let own = try share(.random(in: 1...5, using: &numbers), judged: Bool.random(using: &numbers))
                let count = Int.random(in: 1...15, using: &numbers)
                #expect(budget.reserve(count, for: own) == expected(count, own, kept))
                if expected(count, own, kept) == nil { kept.append((own, count)) }
            }
            #expect(budget.total == kept.reduce(0) { $0 + $1.count })
        }
        for body in kept { budget.release(body.count, for: body.share) }
        #expect(budget.total == 0)
    }

    private func expected(_ count: Int, _ share: Share, _ kept: [(share: Share, count: Int)]) -> BodyBudget.Refusal? {
        func sum(_ isCounted: (Share) -> Bool) -> Int {
            kept.reduce(count) { isCounted($1.share) ? $0 + $1.count : $0 }
        }
        if sum({ $0 == share }) > (share.isJudged ? 50 : 20) { return .network }
        return sum { _ in true } > 100 || !share.isJudged && sum { !$0.isJudged } > 60 ? .process : nil
    }
}
