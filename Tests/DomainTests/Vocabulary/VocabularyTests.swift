import Domain
import Formats
import Testing

@Suite struct `The vocabulary` {
    @Test func `has the words of the API`() {
        #expect(
            Platform.allCases.map(\.rawValue) == [
                "instagram", "tiktok", "youtube", "x", "facebook", "threads", "twitch",
            ])
        #expect(
            AccountStatus.allCases.map(\.rawValue) == [
                "active", "paused", "private", "suspended", "not_found", "error",
            ])
        #expect(BotState.allCases.map(\.rawValue) == ["online", "degraded", "offline", "unknown"])
        #expect(Level.allCases.map(\.rawValue) == ["viewer", "admin"])
    }

    @Test func `has a different label for each`() {
        #expect(Set(Platform.allCases.map(\.label)).count == Platform.allCases.count)
        #expect(Set(AccountStatus.allCases.map(\.label)).count == AccountStatus.allCases.count)
        #expect(AccountStatus.notFound.label == "Not found")
        #expect(Platform.tiktok.label == "TikTok")
    }
}
