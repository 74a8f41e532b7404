import Domain
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The bot's state on a page` {
    private static let now = Timestamp(seconds: 1_750_000_000)
    private let clock = PageClock(now: Self.now)

    private static func status(_ state: BotState, _ change: (inout BotStatus) -> Void = { _ in }) -> BotStatus {
        var status = BotStatus(asOf: now)
        status.state = state
        status.lastHeartbeat = now.adding(seconds: -12)
        status.shardCount = 4
        change(&status)
        return status
    }

    private static let sentences: [(BotStatus, String)] = [
        (
            status(.online) { $0.report = .healthy },
            "The bot is online. Last heartbeat 12 s ago. Shards: 4, down: 0. Latency: – ms. Version: –."
        ),
        (
            status(.degraded) { $0.report = .degraded },
            "The bot is degraded. It reports a problem. Last heartbeat 12 s ago. Shards: 4, down: 0. Latency: – ms. Version: –."
        ),
        (
            status(.degraded) { ($0.report, $0.latencyMilliseconds) = (.healthy, 4_200) },
            "The bot is degraded. Discord takes 4,200 ms to answer it; new numbers may be late. "
                + "Last heartbeat 12 s ago. Shards: 4, down: 0. Latency: 4,200 ms. Version: –."
        ),
        (
            status(.degraded) { ($0.report, $0.shardsDown, $0.version) = (.degraded, 1, "4.5.6") },
            "The bot is degraded. It reports a problem. 1 of 4 shards are down; some servers may get new numbers late. "
                + "Last heartbeat 12 s ago. Shards: 4, down: 1. Latency: – ms. Version: 4.5.6."
        ),
        (
            status(.offline) { ($0.report, $0.beatsMissed) = (.healthy, 4) },
            "The bot is offline. No heartbeat for more than 90 seconds, 4 missed. "
                + "Last heartbeat 12 s ago. Existing data stays readable."
        ),
        (
            status(.offline) { $0.report = .stopping },
            "The bot is offline. It reported that it shuts down. Last heartbeat 12 s ago. Existing data stays readable."
        ),
        (status(.unknown), "Bot status unknown. The database has been unreachable since just now."),
        (
            BotStatus(asOf: now),
            "Bot status unknown. No heartbeat has arrived yet. Connect the bot: one call every 30 seconds is enough."
        ),
    ]

    @Test(arguments: sentences)
    func `is one sentence with its cause`(status: BotStatus, sentence: String) {
        var html = HTML(capacity: 4_096)
        html.botNotice(status, clock)
        #expect(String(decoding: html.finish().array, as: UTF8.self).shown == sentence)
    }

    @Test(arguments: BotState.allCases)
    func `is the same in the badge, the title and the icon of a page made earlier`(state: BotState) {
        let (assets, later) = (Assets(), Self.now.adding(seconds: 3_600))
        func page(_ status: BotStatus, _ now: Timestamp) -> String {
            var frame = Frame(assets: assets, clock: PageClock(now: now))
            frame.status = status
            var html = HTML()
            html.plainPage("Names \"<&\"", frame, current: .status) { html in
                html.botBadge(status.state)
                html.element("p", .only(while: BotState.seen, status)) { $0.text("seen") }
            }
            return String(decoding: html.finish().array, as: UTF8.self)
        }
        let old = page(Self.status(.online), Self.now)
        let filled = KeptPage(Array(old.utf8)).filled(with: Self.status(state), later, assets)
        #expect(String(decoding: filled, as: UTF8.self) == page(Self.status(state), later))
    }

    @Test func `is given in the zone in which an earlier page was written`() {
        let rules = TimeZoneRules.fixed(offset: 7_200, abbreviation: "CEST")
        let frame = Frame(assets: Assets(), clock: PageClock(now: Self.now, zone: rules))
        var html = HTML()
        html.plainPage("Title", frame) { _ in }
        let zone = KeptPage(html.finish().array).zone
        #expect(zone.offset(at: Self.now) == 7_200 && zone.abbreviation(at: Self.now) == "CEST")
        #expect(KeptPage(Array("<html>".utf8)).zone.abbreviation(at: Self.now) == "UTC")
    }
}

extension String {
    /// The text of markup, without the parts that are hidden.
    fileprivate var shown: String {
        var (text, hidden, depth) = ("", 0, 0)
        for part in split(separator: "<") {
            let end = part.firstIndex(of: ">") ?? part.startIndex
            let tag = part[..<end]
            let isVoid = tag.hasSuffix("/") || tag.hasPrefix("path")
            if tag.hasPrefix("/") {
                if hidden == depth { hidden = 0 }
                depth -= 1
            } else if !isVoid {
                depth += 1
                if hidden == 0, tag.hasSuffix(" hidden") { hidden = depth }
            }
            if hidden == 0 { text += part[part.index(after: end)...] }
        }
        return text.split(separator: " ").joined(separator: " ")
    }
}
