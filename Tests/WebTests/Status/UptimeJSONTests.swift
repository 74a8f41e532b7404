import Domain
import Testing

@testable import Persistence
@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The public status in the API` {
    private static let start = Timestamp(seconds: 1_749_686_400)

    private func uptime(_ first: Double) -> BotUptime {
        BotUptime(
            start: Self.start, end: Self.start.adding(seconds: 86_400), online: first, degraded: first + 1,
            offline: first + 2, unknown: first + 3)
    }

    @Test func `has each number under its own name`() {
        var status = BotStatus(asOf: Self.start.adding(seconds: 9))
        (status.state, status.since, status.lastHeartbeat) = (.degraded, Self.start, Self.start.adding(seconds: 4))
        (status.startedAt, status.beatsMissed) = (Self.start.adding(seconds: 2), 7)
        let incident = BotIncident(
            id: BotIncidentID(number: 5), state: .offline, startedAt: Self.start,
            endedAt: Self.start.adding(seconds: 1), reason: "silence")
        let history = BotHistory(
            periods: [(name: "24h", uptime: uptime(10))], days: [uptime(20)], incidents: [incident])
        var json = JSONWriter(capacity: 1_000)
        UptimeJSON.write(status, history, to: &json)
        #expect(
            String(decoding: json.finish().array, as: UTF8.self) == """
                {"state":"degraded","since":"2025-06-12T00:00:00Z","lastHeartbeat":"2025-06-12T00:00:04Z",\
                "beatsMissed":7,"startedAt":"2025-06-12T00:00:02Z","asOf":"2025-06-12T00:00:09Z",\
                "periods":[{"name":"24h","uptime":\(21.0 / 33),"onlineSeconds":10,"degradedSeconds":11,\
                "offlineSeconds":12,"unknownSeconds":13}],\
                "days":[{"day":"2025-06-12","uptime":\(41.0 / 63),"onlineSeconds":20,"degradedSeconds":21,\
                "offlineSeconds":22,"unknownSeconds":23}],\
                "incidents":[{"state":"offline","startedAt":"2025-06-12T00:00:00Z",\
                "endedAt":"2025-06-12T00:00:01Z","reason":"silence"}]}
                """)
    }
}
