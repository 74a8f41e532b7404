import Domain
import Testing

@Suite struct `The bot's state` {
    @Test func `is worst when offline`() {
        #expect([BotState.degraded, .online, .offline, .unknown].max() == .offline)
        #expect([BotState.online, .degraded, .unknown].max() == .degraded)
    }
}
