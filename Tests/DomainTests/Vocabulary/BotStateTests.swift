import Domain
import Testing

@Suite struct `The bot's state` {
    @Test(
        arguments: [
            (0, .healthy, 0, 45, .online), (89, .healthy, 0, 1_000, .online), (-5, .healthy, 0, nil, .online),
            (0, .degraded, 0, 45, .degraded), (0, .healthy, 1, 45, .degraded), (0, .healthy, 0, 1_001, .degraded),
            (90, .healthy, 0, 45, .offline), (90, .degraded, 3, 5_000, .offline), (5, .stopping, 0, 45, .offline),
            (nil, .healthy, 0, nil, .unknown), (nil, .stopping, 2, 5_000, .unknown),
            (Int64.max, .healthy, 0, 1, .offline),
        ] as [(Int64?, BotState.Report, Int64, Int64?, BotState)])
    func `follows from its last heartbeat`(
        age: Int64?, report: BotState.Report, shardsDown: Int64, latency: Int64?, state: BotState
    ) {
        let found = BotState.of(
            heartbeatAge: age, report: report, shardsDown: shardsDown, latencyMilliseconds: latency)
        #expect(found == state)
    }

    @Test(arguments: [(0, 0), (29, 0), (30, 1), (89, 2), (90, 3), (3_600, 120), (-40, 0)] as [(Int64, Int64)])
    func `counts a beat as missed when its time has passed`(age: Int64, missed: Int64) {
        #expect(BotState.beatsMissed(heartbeatAge: age) == missed)
    }

    @Test func `is worst when offline`() {
        #expect([BotState.degraded, .online, .offline, .unknown].max() == .offline)
        #expect([BotState.online, .degraded, .unknown].max() == .degraded)
    }
}
