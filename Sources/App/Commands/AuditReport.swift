internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// The result for one chain of the audit log.
struct AuditReport {
    let chain: AuditChains.Name
    let verdict: AuditChains.Verdict
    let breaks: [AuditChain.Break]

    var isSound: Bool { verdict.isSound }

    init(_ chain: AuditChains.Name, _ chains: AuditChains) throws(DatabaseFailure) {
        self.chain = chain
        verdict = try chains.verdict(of: chain)
        breaks = verdict.isSound ? [] : try chains.breaks(of: chain)
    }

    private var title: String {
        if chain.isInstallation { return "installation" }
        return chain.guild.map { "server \($0)" } ?? "client \(chain.client), which has no server"
    }

    static func text(_ reports: [AuditReport]) -> String {
        let broken = reports.count { !$0.isSound }
        let end =
            broken == 0 ? "all \(reports.count) chains are whole" : "\(broken) of \(reports.count) chains are broken"
        return (reports.flatMap(\.lines) + [end]).joined(separator: "\n")
    }

    private var lines: [String] {
        let hash = verdict.lastHash.map { ", last hash \(Hex.encode($0))" } ?? ""
        let first = "\(isSound ? "whole " : "BROKEN")  \(title): \(verdict.entries) entries\(hash)"
        return [first]
            + (breaks.isEmpty && !isSound
                ? ["        something does not fit"] : breaks.map { "        \($0.sentence)" })
    }

    static func json(_ reports: [AuditReport]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.boolean("whole", reports.allSatisfy(\.isSound))
            json.array("chains", reports) { json, report in json.object { report.write(to: &$0) } }
        }
        return String(decoding: json.finish().array, as: UTF8.self)
    }

    private func write(to json: inout JSONWriter) {
        json.id("clientId", chain.client)
        json.id("guildId", chain.guild)
        json.boolean("whole", isSound)
        json.integer("entries", verdict.entries)
        json.string("lastHash", verdict.lastHash.map { Hex.encode($0) })
        json.array("breaks", breaks) { json, found in
            json.object { json in
                json.string("kind", found.kind.rawValue)
                json.integer("from", found.entries.lowerBound)
                json.integer("to", found.entries.upperBound)
            }
        }
    }
}

extension AuditChain.Break {
    fileprivate var sentence: String {
        let (first, last) = (entries.lowerBound, entries.upperBound)
        let isOne = first == last
        let which = isOne ? "entry \(first)" : "entries \(first) to \(last)"
        let be = isOne ? "was" : "were"
        switch kind {
        case .changed: return "\(which) \(be) changed"
        case .deleted: return "\(which) \(be) deleted"
        case .inserted: return "\(which) \(be) inserted"
        case .reordered:
            return "\(which) \(isOne ? "stands" : "stand") in the place of another: the entries were reordered"
        case .headless:
            return "nothing says any more which entry was the newest: entries after \(last) may be missing"
        case .misheaded: return "what is written down of the newest entry is of another than entry \(last)"
        case .unbegun: return "the beginning is missing, and how many entries it had"
        case .cut: return "the end was cut off: \(which) \(isOne ? "is" : "are") missing"
        }
    }
}
