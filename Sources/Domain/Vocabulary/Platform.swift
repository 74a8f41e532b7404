/// A social network whose accounts are tracked.
package enum Platform: String, CaseIterable, Sendable {
    case instagram, tiktok, youtube, x, facebook, threads, twitch

    package var label: String {
        switch self {
        case .instagram: "Instagram"
        case .tiktok: "TikTok"
        case .youtube: "YouTube"
        case .x: "X"
        case .facebook: "Facebook"
        case .threads: "Threads"
        case .twitch: "Twitch"
        }
    }
}
