import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `Counts of requests` {
    @Test func `keep endpoints, statuses and durations apart`() {
        var counts = RequestCounts(endpointCount: 2)
        counts.count(endpoint: 1, status: 200, microseconds: 500)
        counts.count(endpoint: 1, status: 200, microseconds: 501)
        counts.count(endpoint: 1, status: 503, microseconds: 60_000_000)
        counts.count(endpoint: nil, status: 404, microseconds: 0)
        #expect(counts.answers(of: 0).isEmpty)
        #expect(counts.answers(of: 1).map(\.status) == [200, 503])
        #expect(counts.answers(of: 1).map(\.count) == [2, 1])
        #expect(Array(counts.durations(of: 1)) == [1, 1] + Array(repeating: 0, count: 12) + [1])
        #expect(counts.microseconds(of: 1) == 60_001_001)
        #expect(counts.answers(of: nil).map(\.status) == [404])
    }

    @Test(arguments: [-1, 0, 100, 299, 418, 599, 600, 1_000_000])
    func `put all unexpected statuses into one`(status: Int) {
        var counts = RequestCounts(endpointCount: 1)
        counts.count(endpoint: 0, status: status, microseconds: 1)
        #expect(counts.answers(of: 0).map(\.status) == [nil])
        #expect(counts.answers(of: nil).isEmpty)
    }

    @Test func `add up`() {
        var one = RequestCounts(endpointCount: 1)
        one.count(endpoint: 0, status: 200, microseconds: 3)
        var two = one
        two.count(endpoint: nil, status: 200, microseconds: 4)
        one.add(two)
        #expect(one.answers(of: 0).map(\.count) == [2])
        #expect(one.answers(of: nil).map(\.count) == [1])
        #expect(one.microseconds(of: 0) == 6 && one.microseconds(of: nil) == 4)
    }
}

@Suite struct `Access to the metrics` {
    static let token = "known-to-the-tests/0123456789abcdef"

    static func site(token: String?) -> TestSite {
        var settings = TestSite.settings
        settings.metricsTokenHash = token.map { Crypto.sha256($0.utf8) }
        return TestSite(settings)
    }

    @Test func `is allowed without a token to a program on this machine`() async {
        let test = Self.site(token: nil)
        #expect(await test.ask(.get, "/metrics").status == 200)
        #expect(await test.ask(.get, "/metrics", peer: IPAddress(high: 0, low: 1)).status == 200)
    }

    @Test(arguments: ["192.0.2.1", "10.0.0.1", "::2", "fe80::1", "0.0.0.0"])
    func `is refused without a token to other machines`(peer: String) async throws {
        let test = Self.site(token: nil)
        let answer = await test.ask(.get, "/metrics", peer: try #require(IPAddress(peer)))
        #expect(answer.status == 403 && !answer.text.contains("dashboard_http"))
        #expect(answer.header("Content-Type") == "application/problem+json")
    }

    @Test(arguments: ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
    func `is refused without a token behind a proxy`(header: String) async {
        let answer = await Self.site(token: nil).ask(.get, "/metrics", headers: [(header, "127.0.0.1")])
        #expect(answer.status == 403)
    }

    @Test(arguments: [
        "localhost", "localhost:8080", "LOCALHOST", "127.0.0.1", "127.0.0.1:8080", "127.1.2.3:1", "[::1]", "[::1]:8080",
    ])
    func `is allowed without a token for a loopback name as host`(host: String) async {
        #expect(await Self.site(token: nil).ask(.get, "/metrics", headers: [("Host", host)]).status == 200)
    }

    @Test(arguments: [
        "dashboard.test", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "",
        "localhost:8080@evil.example", "evil.example:localhost", "localhost:x", "192.0.2.1", "[2001:db8::1]:80", "::1",
        "[localhost", "localhost:8080:8080",
    ])
    func `is refused without a token for a foreign host, against DNS rebinding`(host: String) async {
        let answer = await Self.site(token: nil).ask(.get, "/metrics", headers: [("Host", host)])
        #expect(answer.status == 403 && !answer.text.contains("dashboard_http"))
    }

    @Test func `is refused without a token for two hosts`() async {
        let both = [("Host", "localhost"), ("Host", "localhost")]
        #expect(await Self.site(token: nil).ask(.get, "/metrics", headers: both).status == 403)
    }

    @Test func `is allowed with the token from anywhere`() async throws {
        let test = Self.site(token: Self.token)
        let peer = try #require(IPAddress("192.0.2.1"))
        for scheme in ["Bearer", "bearer"] {
            let header = [
                ("Authorization", "\(scheme) \(Self.token)"), ("X-Forwarded-For", "198.51.100.1"), ("Host", "x"),
            ]
            #expect(await test.ask(.get, "/metrics", headers: header, peer: peer).status == 200)
        }
    }

    @Test(arguments: [
        "", "Bearer", "Bearer ", "Bearer  \(token)", "Bearer \(token) ", "Bearer \(token.dropLast())", "Basic \(token)",
        token, "Bearer \(token.uppercased())",
    ])
    func `is refused with a wrong token`(header: String) async {
        let test = Self.site(token: Self.token)
        let answer = await test.ask(.get, "/metrics", headers: [("Authorization", header)])
        #expect(answer.status == 401 && answer.header("WWW-Authenticate") == "Bearer")
        #expect(!answer.text.contains("dashboard_http"))
    }

    @Test func `is refused without the token, on this machine too`() async {
        #expect(await Self.site(token: Self.token).ask(.get, "/metrics").status == 401)
    }
}

@Suite struct `The background queues` {
    @Test func `are reported for a minute after they were read`() async throws {
        let watch = QueueWatch()
        let now = ContinuousClock.now
        #expect(watch.latest(at: now) == nil)
        try await ask { try await watch.read($0, at: now) }
        #expect(watch.latest(at: now.advanced(by: .seconds(59))) != nil)
        #expect(watch.latest(at: now.advanced(by: .seconds(60))) == nil)
    }
}
