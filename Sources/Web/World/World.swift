internal import Domain
package import EventLoop
package import Formats
package import HTTP
package import Persistence

/// The state that all handlers share.
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
    /// Concurrent background reads of guild lists: half of HTTPSClient's 16 threads, so that sign-ins find one free.
    let guildReadings = Slots(8)
    /// Concurrent token renewals.
    ///
    /// Each holds one of its loop's four leased connections while Discord answers.
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
    /// The wall clock, used for tokens and pages.
    package let now: @Sendable () -> Timestamp
    /// A monotonic clock, used for limits.
    package let clock: SteadyClock

    package init(
        settings: SiteSettings, keys: Keys, vault: TokenVault, discord: DiscordClient, live: LiveStatus, log: Log,
        now: @escaping @Sendable () -> Timestamp,
        clock: SteadyClock = .system
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
        self.clock = clock
        cookies = Cookies.Names(isSecure: settings.isSecure)
        batchTurns = FairTurns(
            settings.batchesAtOnce, perKey: settings.batchesAtOnce, waitingPerKey: 100,
            timeout: settings.batchTimeout)
        limiter = RateLimiter(
            perUserPerMinute: settings.requestsPerMinute, perTenantPerMinute: settings.requestsPerTenantPerMinute,
            perKeyPerMinute: settings.requestsPerKeyPerMinute,
            signInsPer15Minutes: settings.signInsPer15Minutes, clock: clock)
    }

    /// Follows changes by other processes through PostgreSQL notifications: sessions, rights, guilds.
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

/// The operator's settings for pages and endpoints.
package struct SiteSettings: Sendable {
    /// The public address of the service: scheme, host and port, without a path.
    package var origin: String
    package var isDemo: Bool
    /// The id and secret of the Discord application; nil until the operator has set them.
    package var application: DiscordApplication?
    /// The variables that the setup page names if there is no application.
    package var missingDiscordVariables: [String] = []
    package var requestsPerMinute: Int
    /// Limit for all people of one tenant together.
    package var requestsPerTenantPerMinute = 1_200
    /// Limit for one API key.
    package var requestsPerKeyPerMinute = 3_000
    /// Bot batches processed concurrently.
    package var batchesAtOnce = 1
    /// The longest wait of a batch in the queue.
    package var batchTimeout = Duration.seconds(5)
    /// True if a request outside the key's scopes is rejected; otherwise it is only logged.
    package var enforcesScopes = true
    /// Sign-ins that one network may start in 15 minutes.
    package var signInsPer15Minutes = 10
    /// The longest wait for Discord while a person's server list is refreshed.
    package var discordTimeout = Duration.seconds(3)
    /// Further origins whose scripts may use the API with a person's cookies.
    package var allowedOrigins: Set<String> = []
    package var trustedProxies = TrustedProxies()
    /// SHA-256 of the token for the metrics; without a token only this machine may read them.
    package var metricsTokenHash: [UInt8]?
    /// Version of the program.
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
    /// The redirect address to enter in Discord's developer portal, exactly.
    package var redirectAddress: String { origin + "/api/v1/auth/discord/callback" }
}
