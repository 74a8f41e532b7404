import Domain
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
        #expect(PostMetric.allCases.map(\.rawValue) == ["views", "likes", "comments", "shares"])
        #expect(BotState.allCases.map(\.rawValue) == ["online", "degraded", "offline", "unknown"])
        #expect(Level.allCases.map(\.rawValue) == ["viewer", "admin"])
    }

    @Test func `has a different label for each`() {
        #expect(Set(Platform.allCases.map(\.label)).count == Platform.allCases.count)
        #expect(Set(AccountStatus.allCases.map(\.label)).count == AccountStatus.allCases.count)
        #expect(AccountStatus.notFound.label == "Not found")
        #expect(Platform.tiktok.label == "TikTok")
    }

    @Test func `engagement is what people did for each view`() {
        let metrics = PostMetrics(views: 200, likes: 10, comments: 4, shares: 6)
        #expect(metrics.engagementRate == 0.1)
        #expect(PostMetric.allCases.map { metrics[$0] } == [200, 10, 4, 6])
        #expect(PostMetrics(views: 0, likes: 3, comments: 0, shares: 0).engagementRate == nil)
        #expect(PostMetrics(views: 1, likes: .max, comments: .max, shares: .max).engagementRate != nil)
    }
}
