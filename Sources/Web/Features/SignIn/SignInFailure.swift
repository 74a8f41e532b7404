internal import Domain
internal import Formats
internal import HTTP

/// The reason why a sign-in failed, with its text for the person.
enum SignInFailure: Error, Equatable, Sendable {
    case cancelled
    case expired
    /// A program's callback that was repeated.
    case finished
    case otherBrowser
    case unverifiedEmail
    case missingPermission
    case refusedByDiscord
    case wrongApplication
    case notConfigured
    case discordBusy(seconds: Int)
    case discordAway

    init(_ failure: DiscordFailure) {
        switch failure {
        case .refused: self = .refusedByDiscord
        case .wrongApplication: self = .wrongApplication
        case .rateLimited(let seconds): self = .discordBusy(seconds: seconds)
        case .unavailable: self = .discordAway
        }
    }

    var status: Int {
        switch self {
        case .cancelled, .expired, .finished, .otherBrowser, .refusedByDiscord: 400
        case .unverifiedEmail, .missingPermission: 403
        case .wrongApplication, .notConfigured, .discordBusy, .discordAway: 503
        }
    }

    var retryAfterSeconds: Int? {
        switch self {
        case .discordBusy(let seconds): seconds
        case .discordAway: 30
        default: nil
        }
    }

    var title: StaticString {
        switch self {
        case .cancelled: "Sign-in cancelled"
        case .expired: "This sign-in took too long"
        case .finished: "This sign-in is already finished"
        case .otherBrowser: "This sign-in started in another browser"
        case .unverifiedEmail: "Your e-mail address is not verified"
        case .missingPermission: "Discord did not share what is needed"
        case .refusedByDiscord: "Discord did not accept this sign-in"
        case .wrongApplication: "Discord does not accept this dashboard"
        case .notConfigured: "Sign-in is not set up yet"
        case .discordBusy: "Discord asks us to wait"
        case .discordAway: "Discord is unreachable"
        }
    }

    var detail: StaticString {
        switch self {
        case .cancelled:
            "You did not let Discord share your servers. Nothing was stored. You can try again whenever you like."
        case .expired: "A sign-in must be finished within ten minutes, and only once. Please start again."
        case .finished: "The callback has been used before. Please start again."
        case .otherBrowser: "For your safety a sign-in must end in the browser where it began. Please start again here."
        case .unverifiedEmail:
            "Only people whose e-mail address Discord has verified can sign in. Verify it in Discord's settings, then try again. None of your account data was stored."
        case .missingPermission:
            "Your name, e-mail address and list of servers are needed to show you the right servers. Please try again and allow all of them."
        case .refusedByDiscord: "The code from Discord has expired. Please start again."
        case .wrongApplication:
            "The operator of this dashboard has to check DASHBOARD_DISCORD_CLIENT_ID and DASHBOARD_DISCORD_CLIENT_SECRET. Discord's developer portal has both, and there the redirect URL must be exactly as below."
        case .notConfigured: "The operator of this dashboard has to set Discord's client id and client secret."
        case .discordBusy: "Too many people are signing in right now. Please try again in a little while."
        case .discordAway: "Discord is down or does not answer. Please try again in a little while."
        }
    }

    /// True if the person can fix it by trying again.
    var canRetry: Bool { self != .wrongApplication && self != .notConfigured }
}
