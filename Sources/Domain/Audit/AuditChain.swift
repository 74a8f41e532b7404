internal import Formats

/// A chain of the audit log as read from the database, to detect manipulations.
package struct AuditChain: Sendable {
    /// One entry, at its present position.
    package struct Link: Equatable, Sendable {
        package let place: Int64
        /// The number for which the entry's content matches its hash; nil if there is none.
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

    /// The stored description of the newest entry.
    package struct Head: Equatable, Sendable {
        package let number: Int64
        package let hash: [UInt8]

        package init(number: Int64, hash: [UInt8]) {
            self.number = number
            self.hash = hash
        }
    }

    /// A manipulation of some entries.
    package struct Break: Equatable, Sendable {
        package enum Kind: String, CaseIterable, Sendable {
            case changed, deleted, inserted, reordered, cut
            /// The head is missing, so entries after the last one present may have been deleted unnoticed.
            case headless
            /// The stored head describes a different entry than the last one present.
            case misheaded
            /// Entries at the beginning are missing; their number is unknown.
            case unbegun
        }

        package let kind: Kind
        /// The positions, for deleted entries the former ones; the last position for a wrong head, the first for a
        /// missing beginning.
        package let entries: ClosedRange<Int64>

        package init(_ kind: Kind, _ entries: ClosedRange<Int64>) {
            self.kind = kind
            self.entries = entries
        }
    }

    /// The previous hash of the first entry.
    private static let beginning = [UInt8](repeating: 0, count: 32)

    private let links: [Link]
    private let head: Head?
    private let lacksBeginning: Bool
    /// How many entries name a hash as their previous one.
    private let followers: [[UInt8]: Int]
    private let owners: Set<[UInt8]>

    /// The links by position; `lacksBeginning` if other data proves that earlier entries existed.
    package init(_ links: [Link], head: Head?, lacksBeginning: Bool) {
        self.links = links
        self.head = head
        self.lacksBeginning = lacksBeginning
        followers = links.reduce(into: [:]) { $0[$1.previousHash, default: 0] += 1 }
        owners = Set(links.map(\.hash))
    }

    /// All manipulations of the chain, from its beginning; empty if it is intact.
    package func breaks() -> [Break] {
        var walk = Walk(last: (0, Self.beginning))
        for (index, link) in links.enumerated() {
            step(link, next: index + 1 < links.count ? links[index + 1] : nil, &walk)
        }
        compareWithHead(&walk)
        // Other findings explain the missing beginning.
        return lacksBeginning && walk.found.isEmpty ? [Break(.unbegun, 1...1)] : walk.found
    }

    /// The progress along the true chain, and the findings.
    private struct Walk {
        /// Number and hash of the last true entry.
        var last: (number: Int64, hash: [UInt8])
        /// Entries found before their turn, by hash.
        var early: [[UInt8]: Int64] = [:]
        var found: [Break] = []
        var changedLast = false

        /// Merges adjacent findings of the same kind.
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
                // Its predecessor was found out of order already.
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
        // The next entry names another hash, so this entry was changed and rehashed.
        guard let next, next.number == number.saturatingAdd(1), next.previousHash != link.hash,
            !owners.contains(next.previousHash)
        else { return }
        if !walk.changedLast { walk.find(.changed, link.place...link.place) }
        walk.last.hash = next.previousHash
    }

    /// True if no entry follows this one, and its predecessor is followed by another entry.
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
        // With the same number, the last entry may have been changed and rehashed.
        walk.find(head.number == last ? .changed : .misheaded, max(last, 1)...max(last, 1))
    }
}
