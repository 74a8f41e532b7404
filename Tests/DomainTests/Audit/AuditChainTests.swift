import Domain
import Formats
import Testing

@Suite struct `A chain of the audit log` {
    typealias Link = AuditChain.Link
    typealias Break = AuditChain.Break

    /// Entries 1 to 6 as they were written; the hash of entry n is n, and 32 zeroes come before the first.
    static let whole = (1...6).map { link($0) }
    static let head = AuditChain.Head(number: 6, hash: hash(6))

    static func hash(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 32) }

    static func link(_ number: Int) -> Link {
        Link(place: Int64(number), number: Int64(number), previousHash: hash(number - 1), hash: hash(number))
    }

    static func link(at place: Int, _ number: Int?, after previous: Int, hash own: Int) -> Link {
        Link(place: Int64(place), number: number.map(Int64.init), previousHash: hash(previous), hash: hash(own))
    }

    static func breaks(_ links: [Link], head: AuditChain.Head? = head, lacksBeginning: Bool = false) -> [Break] {
        AuditChain(links, head: head, lacksBeginning: lacksBeginning).breaks()
    }

    @Test func `that is unchanged is whole`() {
        #expect(Self.breaks(Self.whole) == [])
        #expect(Self.breaks([], head: nil) == [])
        #expect(Self.breaks([], head: AuditChain.Head(number: 0, hash: Self.hash(0))) == [])
    }

    @Test(arguments: 1...6)
    func `shows an entry that was changed`(number: Int) {
        var links = Self.whole
        links[number - 1] = Self.link(at: number, nil, after: number - 1, hash: number)
        #expect(Self.breaks(links) == [Break(.changed, Int64(number)...Int64(number))])
    }

    @Test(arguments: 1...6)
    func `shows an entry that was changed and hashed again`(number: Int) {
        var links = Self.whole
        links[number - 1] = Self.link(at: number, number, after: number - 1, hash: 90)
        #expect(Self.breaks(links) == [Break(.changed, Int64(number)...Int64(number))])
    }

    @Test(arguments: [1...1, 2...2, 3...4, 2...5, 1...3])
    func `shows entries that were deleted`(numbers: ClosedRange<Int>) {
        let links = Self.whole.filter { !numbers.contains(Int($0.place)) }
        #expect(Self.breaks(links) == [Break(.deleted, Int64(numbers.lowerBound)...Int64(numbers.upperBound))])
    }

    @Test(arguments: [2, 3, 5])
    func `shows a deleted entry even if later entries were renumbered`(number: Int) {
        let links = Self.whole.filter { $0.place != number }.map { link in
            Link(
                place: link.place > number ? link.place - 1 : link.place, number: link.number,
                previousHash: link.previousHash, hash: link.hash)
        }
        #expect(Self.breaks(links) == [Break(.deleted, Int64(number)...Int64(number))])
    }

    @Test(arguments: [(1, nil), (2, nil), (3, 3), (4, nil), (6, 6)] as [(Int, Int?)])
    func `shows an inserted entry`(place: Int, number: Int?) {
        var links = Self.whole.map { link in
            Link(
                place: link.place >= place ? link.place + 1 : link.place, number: link.number,
                previousHash: link.previousHash, hash: link.hash)
        }
        links.insert(Self.link(at: place, number, after: place - 1, hash: 90), at: place - 1)
        #expect(Self.breaks(links) == [Break(.inserted, Int64(place)...Int64(place))])
    }

    @Test func `shows an entry inserted at its start or end`() {
        #expect(Self.breaks(Self.whole + [Self.link(at: 7, 7, after: 6, hash: 90)]) == [Break(.inserted, 7...7)])
        #expect(Self.breaks([Self.link(at: 0, nil, after: 50, hash: 90)] + Self.whole) == [Break(.inserted, 0...0)])
    }

    @Test(arguments: 1...5)
    func `shows reordered entries`(number: Int) {
        var links = Self.whole
        links[number - 1] = Self.link(at: number, number + 1, after: number, hash: number + 1)
        links[number] = Self.link(at: number + 1, number, after: number - 1, hash: number)
        #expect(Self.breaks(links) == [Break(.reordered, Int64(number)...Int64(number))])
    }

    @Test(arguments: [5, 3, 1, 0])
    func `shows that its end was cut off`(left: Int) {
        #expect(Self.breaks(Array(Self.whole.prefix(left))) == [Break(.cut, Int64(left + 1)...6)])
    }

    @Test func `shows a missing head, or the head of another chain`() {
        #expect(Self.breaks(Self.whole, head: nil) == [Break(.headless, 6...6)])
        #expect(Self.breaks(Array(Self.whole.prefix(4)), head: nil) == [Break(.headless, 4...4)])
        #expect(
            Self.breaks(Self.whole, head: AuditChain.Head(number: 6, hash: Self.hash(9))) == [Break(.changed, 6...6)])
    }

    @Test func `shows a missing start, if the chain must have another one`() {
        let unbegun = [Break(.unbegun, 1...1)]
        #expect(Self.breaks([], head: nil, lacksBeginning: true) == unbegun)
        #expect(
            Self.breaks([], head: AuditChain.Head(number: 0, hash: Self.hash(0)), lacksBeginning: true) == unbegun)
        #expect(Self.breaks(Self.whole, lacksBeginning: true) == unbegun)
        #expect(Self.breaks([], lacksBeginning: true) == [Break(.cut, 1...6)])
        #expect(Self.breaks(Array(Self.whole.dropFirst()), lacksBeginning: true) == [Break(.deleted, 1...1)])
    }

    @Test func `shows a head that describes another entry than the last`() {
        #expect(
            Self.breaks(Self.whole, head: AuditChain.Head(number: 3, hash: Self.hash(3))) == [Break(.misheaded, 6...6)])
    }

    @Test func `shows several kinds of tampering at once`() {
        var links = Self.whole
        links[1] = Self.link(at: 2, nil, after: 1, hash: 2)
        links.removeLast()
        links.remove(at: 3)
        #expect(Self.breaks(links) == [Break(.changed, 2...2), Break(.deleted, 4...4), Break(.cut, 6...6)])
    }
}
