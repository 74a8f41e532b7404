import Domain
import Persistence
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// The markup of the parts that scripts and style sheets depend on.
@Suite struct `Parts of pages` {
    static let now = Timestamp(seconds: 1_749_736_951)
    let clock = PageClock(now: now)

    @Test(
        arguments: [
            (0, "0"), (9_999, "9,999"), (10_000, #"<data value="10000" title="10,000">10 K</data>"#),
            (18_240, #"<data value="18240" title="18,240">18.2 K</data>"#),
            (842_190, #"<data value="842190" title="842,190">842 K</data>"#),
            (-1_284_310, #"<data value="-1284310" title="-1,284,310">-1.3 M</data>"#),
            (Int64.max, "9,223,372 T"), (Int64.min, "-9,223,372 T"),
        ] as [(Int64, String)])
    func `shorten numbers and keep the exact ones`(number: Int64, markup: String) {
        #expect(written { $0.number(number) }.contains(markup))
    }

    @Test(arguments: [0, 7, 999, 1_000, 10_049, 999_499, 999_500, 20_000_000, 1_049_999_999] as [Int64])
    func `write numbers as Domain does`(number: Int64) {
        #expect(written { $0.out.grouped(number) } == NumberText.grouped(number))
        #expect(written { $0.out.compact(number) } == NumberText.compact(number))
        #expect(written { $0.out.percent(number, of: 1_000_000) } == NumberText.percent(Double(number) / 1_000_000))
    }

    @Test func `write times as the script does`() {
        #expect(
            written { $0.time(Self.now.adding(seconds: -12), clock) }
                == #"<time datetime="2025-06-12T14:02:19Z" title="12 Jun 2025, 14:02:19 UTC" data-relative>12 s ago</time>"#
        )
        for seconds in [-4, -59, -3_600, -5_184_000, 90, 86_400] as [Int64] {
            let time = Self.now.adding(seconds: seconds)
            let words = RelativeTime(time, now: Self.now).description
            #expect(written { $0.time(time, clock) }.hasSuffix(">\(words)</time>"))
        }
    }

    @Test func `show a time of the guild's zone`() {
        let zone = TimeZones().rules("Europe/Oslo")
        let local = PageClock(now: Self.now, zone: zone)
        #expect(written { $0.time(Self.now, local) }.contains("16:02:31 CEST"))
    }

    @Test(arguments: ["Nowhere/Land", "../../etc/passwd", "", "Europe"])
    func `fall back to UTC for an unknown zone`(name: String) {
        #expect(TimeZones().rules(name).name == .utc)
    }

    @Test(arguments: Icon.allCases)
    func `have a drawing for every icon`(icon: Icon) { #expect(written { $0.icon(icon) }.hasSuffix("</svg>")) }

    @Test func `close the shapes of a drawing`() {
        let series = DaySeries(
            title: "Posts", unit: "posts", first: Self.now.dayInUTC, values: [3, nil, 5, 0], readout: "8")
        for markup in [written { $0.barChart(series) }, written { $0.lineChart(series) }] {
            #expect(markup.contains("<title>13 Jun: no data</title></rect>"))
            #expect(markup.contains("<title>15 Jun: 0 posts</title></rect>"))
            #expect(!markup.contains("\"></svg>") && markup.contains("/>"))
        }
        #expect(written { $0.barChart(series) }.components(of: #"class="bar""#) == 2)
    }

    @Test(
        arguments: [
            (nil, "–"), (1, "100%"), (0.9999999, "99.99%"), (0.99996, "99.99%"), (0.9912, "99.12%"), (0, "0.00%"),
        ] as [(Double?, String)])
    func `show 100 percent only for full uptime`(share: Double?, text: String) {
        #expect(DurationText.uptime(share) == text)
    }

    @Test func `link to addresses with the requested filters`() {
        let link = PagePath.posts.link(GuildID(number: 7)).asking([("q", "a&b=ö"), ("from", nil), ("to", "")])
        #expect(link.text == "/guilds/7/tracking/posts?q=a%26b%3D%C3%B6")
    }

    private func written(_ content: HTML.Content) -> String {
        var html = HTML(capacity: 256)
        content(&html)
        return String(decoding: html.finish().array, as: UTF8.self)
    }
}

extension String {
    func components(of text: String) -> Int { ranges(of: text).count }
}
