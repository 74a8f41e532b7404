internal import EventLoop
internal import Formats
internal import HTTP
internal import Synchronization
internal import Web

/// Checks that Discord is reachable and accepts the application's id and secret.
struct DiscordExamination {
    let configuration: Configuration

    func findings() -> [Finding] {
        if configuration.isDemo { return [.good("discord", "demo mode: a stand-in in the same process")] }
        guard let application = configuration.application else {
            let missing = configuration.missingDiscordVariables
            return [
                .bad(
                    "discord",
                    "\(missing.joined(separator: " and ")) \(missing.count == 1 ? "is" : "are") missing or empty",
                    "Take both from Discord's developer portal: your application, OAuth2. "
                        + "Without them only the setup page is served."), redirect,
            ]
        }
        return [finding(check(application)), redirect]
    }

    private func check(_ application: DiscordApplication) -> DiscordFailure? {
        let discord = configuration.discord()
        let outcome = Outcome()
        let done = Countdown(1)
        Task {
            let failure = await discord.refusal(of: application)
            outcome.failure.withLock { $0 = failure }
            done.countDown()
        }
        done.wait()
        return outcome.failure.withLock { $0 }
    }

    private func finding(_ failure: DiscordFailure?) -> Finding {
        switch failure {
        case nil: .good("discord", "reachable, and accepts the client id and secret")
        case .wrongApplication, .refused:
            .bad(
                "discord", "rejects the client id or the client secret",
                "Compare DASHBOARD_DISCORD_CLIENT_ID with the portal, and create a new secret there: OAuth2, Reset Secret."
            )
        case .rateLimited(let seconds):
            .warning("discord", "asks to wait \(seconds) seconds, so id and secret were not checked", "Try again then.")
        case .unavailable(let reason):
            .bad(
                "discord", "cannot be reached: \(reason)",
                "This machine must reach \(configuration.discordBase ?? "https://discord.com"): "
                    + "check its network, DNS and firewall.")
        }
    }

    /// Discord has no API to list the registered redirects.
    private var redirect: Finding {
        .good("redirect URL", "\(configuration.redirectAddress) must be entered in the portal: OAuth2, Redirects")
    }
}

/// Passes a result from a task to the waiting thread.
private final class Outcome: Sendable {
    let failure = Mutex<DiscordFailure?>(nil)
}
