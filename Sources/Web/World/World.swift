internal import Domain
internal import EventLoop
package import Formats
package import HTTP
package import Persistence

/// Everything that handlers share: what comes from outside, and what this process knows.
///
/// One for the process.
package final class World: Sendable {
    package let settings: SiteSettings
    package let keys: Keys
    package let vault: TokenVault
    package let cookies: Cookies.Names
    package let discord: DiscordClient
    package let sessions: SessionDirectory
    package let live: LiveStatus
    package let uptime = UptimeHistory()
    /// Lists that are read from Discord beside requests: half the threads that such calls have, so that sign-ins find
    /// one.
    let guildReadings = Slots(8)
    /// Each holds a connection while Discord answers; a loop has four of them.
    let tokenRenewals = Slots(2)
    let batchTurns: FairTurns<ClientID>
    package let limiter: RateLimiter
    package let log: Log
    package let assets = Assets()
    package let timeZones = TimeZones()
    package let guilds = GuildDirectory()
    package let usage = UsageCounters()
    package let background = BackgroundCounts()
    package let queues = QueueWatch()
    package let newConnections = ConnectionWatch()
    let metrics = Metrics()
    let readiness = ServiceReadiness()
    let lastPages = LastPages()
    /// The wall clock, which tokens and pages go by.
    package let now: @Sendable () -> Timestamp
    /// A clock that nobody can set back, which limits go by.
    package let steadyNow: @Sendable () -> ContinuousClock.Instant

    package init(
        settings: SiteSettings, keys: Keys, vault: TokenVault, discord: DiscordClient, live: LiveStatus, log: Log,
        now: @escaping @Sendable () -> Timestamp,
        steadyNow: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.settings = settings
        self.keys = keys
        self.vault = vault
        self.discord = discord
        self.live = live
        sessions = SessionDirectory { [lastPages] change in
            lastPages.forget(change)
            live.rightsChanged(change)
        } onDoubt: {
            live.rightsChanged(.everyone)
        }
        self.log = log
        self.now = now
        self.steadyNow = steadyNow
        cookies = Cookies.Names(isSecure: settings.isSecure)
        batchTurns = FairTurns(
            settings.batchesAtOnce, perKey: settings.batchesAtOnce, waitingPerKey: 100,
            patience: settings.batchPatience)
        limiter = RateLimiter(
            perUserPerMinute: settings.requestsPerMinute, perTenantPerMinute: settings.requestsPerTenantPerMinute,
            perKeyPerMinute: settings.requestsPerKeyPerMinute,
            signInsPer15Minutes: settings.signInsPer15Minutes, now: steadyNow)
    }

    /// Hears from the database what other processes change: sessions that end, rights, guilds.
    package func follow(_ notifications: Notifications) {
        notifications.onConnect { [sessions, guilds] in
            sessions.listening(true)
            guilds.listening(true)
        }
        notifications.onLoss { [sessions, guilds] in
            sessions.listening(false)
            guilds.listening(false)
        }
        notifications.onMessage("session_changed") { [sessions] in sessions.hear($0) }
        notifications.onMessage("guild_changed") { [sessions, guilds] payload in
            guilds.forgetAll()
            sessions.hearOfGuild(payload)
        }
    }
}

/// What the operator decided, as far as pages and endpoints need it.
package struct SiteSettings: Sendable {
    /// Where people reach the service: scheme, host and port, without a path.
    package var origin: String
    package var isDemo: Bool
    /// Discord's id of the application, and its secret; nil until the operator has set them.
    package var application: DiscordApplication?
    /// What the setup page names while there is no application.
    package var missingDiscordVariables: [String] = []
    package var requestsPerMinute: Int
    /// Of all people of one tenant together.
    package var requestsPerTenantPerMinute = 1_200
    /// Signed with one API key.
    package var requestsPerKeyPerMinute = 3_000
    /// Batches of bots that are worked off at the same time.
    package var batchesAtOnce = 1
    /// How long a batch waits for those ahead of it.
    package var batchPatience = Duration.seconds(5)
    /// Whether a key is refused what it has no scope for; otherwise it is only logged.
    package var enforcesScopes = true
    /// Sign-ins that may be begun from one network in 15 minutes.
    package var signInsPer15Minutes = 10
    /// How long a person waits for Discord when their list of servers is read again.
    package var discordPatience = Duration.seconds(3)
    /// Origins beside its own whose scripts may use the API with a person's cookies.
    package var allowedOrigins: Set<String> = []
    package var trustedProxies = TrustedProxies()
    /// The SHA-256 of what reads the metrics; without one they are for this machine only.
    package var metricsTokenHash: [UInt8]?
    /// Of the program.
    package var version = ""
    package var operatorName: String
    package var operatorContact: String

    package init(
        origin: String, isDemo: Bool = false, application: DiscordApplication? = nil, requestsPerMinute: Int = 60,
        operatorName: String = "", operatorContact: String = ""
    ) {
        self.origin = origin
        self.isDemo = isDemo
        self.application = application
        self.requestsPerMinute = requestsPerMinute
        self.operatorName = operatorName
        self.operatorContact = operatorContact
    }

    package var isSecure: Bool { origin.hasPrefix("https://") }
    /// What has to be entered in Discord's developer portal, to the letter.
    package var redirectAddress: String { origin + "/api/v1/auth/discord/callback" }
}
