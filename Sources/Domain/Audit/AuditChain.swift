internal import Formats

/// A chain of the audit log as it lies in the database: enough to tell what was done to it.
package struct AuditChain: Sendable {
    /// One entry, by the place that it has now.
    package struct Link: Equatable, Sendable {
        package let place: Int64
        /// The place for which the entry's content and its hash fit together; nil where they do not fit for any.
        package let number: Int64?
        package let previousHash: [UInt8]
        package let hash: [UInt8]

        package init(place: Int64, number: Int64?, previousHash: [UInt8], hash: [UInt8]) {
            self.place = place
            self.number = number
            self.previousHash = previousHash
            self.hash = hash
        }
    }

    /// What was written down of the newest entry when it was written.
    package struct Head: Equatable, Sendable {
        package let number: Int64
        package let hash: [UInt8]

        package init(number: Int64, hash: [UInt8]) {
            self.number = number
            self.hash = hash
        }
    }

    /// What was done to some entries.
    package struct Break: Equatable, Sendable {
        package enum Kind: String, CaseIterable, Sendable {
            case changed, deleted, inserted, reordered, cut
            /// Nothing says any more which entry was the newest: after the last one that is there, others may be missing.
            case headless
            /// What is written down of the newest entry is of another one than the last that is there.
            case misheaded
            /// Entries are missing that must have been at its beginning, and nothing says how many.
            case unbegun
        }

        package let kind: Kind
        /// The places, or for what is missing the places that it had; where the head is wrong the last place, and where
        /// the beginning is the first.
        package let entries: ClosedRange<Int64>

        package init(_ kind: Kind, _ entries: ClosedRange<Int64>) {
            self.kind = kind
            self.entries = entries
        }
    }

    /// What the first entry names as the hash before it.
    private static let beginning = [UInt8](repeating: 0, count: 32)

    private let links: [Link]
    private let head: Head?
    private let lacksBeginning: Bool
    /// How many entries name a hash as the one before them.
    private let followers: [[UInt8]: Int]
    private let owners: Set<[UInt8]>

    /// The links by their places; the beginning is lacking where something else proves that there was another.
    package init(_ links: [Link], head: Head?, lacksBeginning: Bool) {
        self.links = links
        self.head = head
        self.lacksBeginning = lacksBeginning
        followers = links.reduce(into: [:]) { $0[$1.previousHash, default: 0] += 1 }
        owners = Set(links.map(\.hash))
    }

    /// Everything that was done to the chain, from its beginning; nothing where it is whole.
    package func breaks() -> [Break] {
        var walk = Walk(last: (0, Self.beginning))
        for (index, link) in links.enumerated() {
            step(link, next: index + 1 < links.count ? links[index + 1] : nil, &walk)
        }
        compareWithHead(&walk)
        // Whatever else was found says why.
        return lacksBeginning && walk.found.isEmpty ? [Break(.unbegun, 1...1)] : walk.found
    }

    /// How far the true chain was followed, and what was found on the way.
    private struct Walk {
        /// The number and the hash of the last true entry.
        var last: (number: Int64, hash: [UInt8])
        /// Entries that came before their turn, by hash.
        var early: [[UInt8]: Int64] = [:]
        var found: [Break] = []
        var changedLast = false

        /// Neighbours to which the same was done are one finding.
        mutating func find(_ kind: Break.Kind, _ entries: ClosedRange<Int64>) {
            if let before = found.last, before.kind == kind,
                before.entries.upperBound.saturatingAdd(1) == entries.lowerBound
            {
                found[found.count - 1] = Break(kind, before.entries.lowerBound...entries.upperBound)
            } else {
                found.append(Break(kind, entries))
            }
        }
    }

    private func step(_ link: Link, next: Link?, _ walk: inout Walk) {
        let followsLast = link.previousHash == walk.last.hash
        if isForeign(link, followsLast, walk) { return walk.find(.inserted, link.place...link.place) }
        let number = link.number ?? (followsLast ? walk.last.number.saturatingAdd(1) : link.place)
        walk.changedLast = false
        if !followsLast {
            if let early = walk.early[link.previousHash], number == early.saturatingAdd(1) {
                // What it follows was found out of its turn already.
            } else if owners.contains(link.previousHash) {
                walk.find(.reordered, link.place...link.place)
                walk.early[link.hash] = number
                return
            } else if number > walk.last.number.saturatingAdd(1) {
                walk.find(.deleted, walk.last.number + 1...number - 1)
            } else {
                walk.find(.changed, link.place...link.place)
                walk.changedLast = true
            }
        }
        walk.last = (number, link.hash)
        if link.number == nil, !walk.changedLast {
            walk.find(.changed, link.place...link.place)
            walk.changedLast = true
        }
        // The next entry remembers another hash: this one was changed, and hashed anew.
        guard let next, next.number == number.saturatingAdd(1), next.previousHash != link.hash,
            !owners.contains(next.previousHash)
        else { return }
        if !walk.changedLast { walk.find(.changed, link.place...link.place) }
        walk.last.hash = next.previousHash
    }

    /// Whether nothing builds on the entry, and what it would stand after is followed by something else.
    private func isForeign(_ link: Link, _ followsLast: Bool, _ walk: Walk) -> Bool {
        guard followers[link.hash, default: 0] == 0, head?.hash != link.hash else { return false }
        let others = followers[walk.last.hash, default: 0] - (followsLast ? 1 : 0)
        return others > 0 || head?.hash == walk.last.hash
    }

    private func compareWithHead(_ walk: inout Walk) {
        let last = max(walk.last.number, walk.early.values.max() ?? 0)
        guard let head else {
            if !links.isEmpty { walk.find(.headless, last...last) }
            return
        }
        if links.isEmpty, head.number == 0 { return }
        if head.number > last { return walk.find(.cut, last + 1...head.number) }
        let isSound = head.number == walk.last.number && head.hash == walk.last.hash
        guard !isSound, walk.found.isEmpty else { return }
        // With the same number it may be the entry as well that was changed, and hashed anew.
        walk.find(head.number == last ? .changed : .misheaded, max(last, 1)...max(last, 1))
    }
}
