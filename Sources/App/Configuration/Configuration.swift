internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// The operator's settings.
///
/// Only this type reads the environment.
///
/// All mistakes are reported at once.
struct Configuration: Sendable {
    /// The address of the database; nil for the service's own.
    let databaseAddress: String?
    let connectionsPerLoop: Int
    let host: IPAddress
    let port: UInt16
    let dataDirectory: String
    let origin: String
    let application: DiscordApplication?
    /// The missing ones of Discord's two variables.
    ///
    /// If both are missing, demo mode is possible.
    let missingDiscordVariables: [String]
    /// Another address of Discord's API, for tests.
    let discordBase: String?
    let tokenSecret: Secret?
    let previousTokenSecret: Secret?
    let discordTokenSecret: Secret?
    let previousDiscordTokenSecret: Secret?
    let requestsPerMinute: Int
    let requestsPerTenantPerMinute: Int
    let requestsPerKeyPerMinute: Int
    let enforcesScopes: Bool
    let signInsPer15Minutes: Int
    let trustedProxies: TrustedProxies
    let allowedOrigins: Set<String>
    let logLevel: Log.Level
    let logFormat: Log.Format
    /// The token for the metrics; without a token only this machine may read them.
    let metricsToken: Secret?
    let operatorName: String
    let operatorContact: String
    /// Settings that are valid, but probably unintended: one line each.
    let warnings: [String]

    /// Demo mode with sample data: without Discord credentials, and on this machine only.
    let isDemo: Bool

    /// The redirect address to enter in Discord's developer portal, exactly.
    var redirectAddress: String { SiteSettings(origin: origin).redirectAddress }

    /// Maximum connections of the service: shared, leased and slow ones of each loop, the listener, and the leader's.
    var connections: Int {
        (connectionsPerLoop + Database.Limits().leased + slowStatementsAtOnce) * Machine.coreCount + 2
    }
    /// Statements that can be slow: on at most half of the cores, as a rule those of the database, but two, so that one
    /// tenant cannot take every turn.
    var slowStatementsAtOnce: Int { max(2, Machine.coreCount / 2) }

    enum Use { case service, demo, commands }

    struct Mistakes: Error, CustomStringConvertible {
        let list: [String]
        /// Probably unintended settings, which may be the cause.
        var hints: [String] = []
        var description: String { (list + hints).joined(separator: "\n") }
    }

    /// - Throws: `Mistakes` with a line for each invalid variable.
    init(environment: [String: String], coreCount: Int, isRoot: Bool) throws(Mistakes) {
        var reader = EnvironmentReader(environment)
        try self.init(&reader, environment, coreCount: coreCount, isRoot: isRoot)
    }

    /// `environment` is for variables of other programs, such as the home folder.
    ///
    /// If the use needs to write to the data directory, a directory that is not writable is a mistake too.
    init(
        _ reader: inout EnvironmentReader, _ environment: [String: String], coreCount: Int, isRoot: Bool,
        for use: Use = .commands, warnings: [String] = []
    ) throws(Mistakes) {
        self.warnings = warnings
        databaseAddress = reader.databaseAddress("DATABASE_URL")
        let pool = reader.integer("DATABASE_POOL_SIZE", 1...1_000, default: 4 * coreCount)
        connectionsPerLoop = max(1, pool / coreCount)
        host = reader.address("HOST", default: .loopback)
        if use != .commands { reader.needOwnAddress(host, "HOST") }
        port = UInt16(reader.integer("PORT", 0...65_535, default: 8_080))
        dataDirectory = Files.absolute(
            reader.folder("DATA_DIR") ?? Self.defaultDataDirectory(environment, isRoot: isRoot))
        if use != .commands { reader.needWritable(dataDirectory, "DATA_DIR") }
        origin = reader.origin("DASHBOARD_URL", default: "http://\(Self.hostText(host)):\(port)")
        let (idName, secretName) = ("DASHBOARD_DISCORD_CLIENT_ID", "DASHBOARD_DISCORD_CLIENT_SECRET")
        let id = reader.matching(
            "DASHBOARD_DISCORD_CLIENT_ID", mayBeEmpty: true, example: "1234567890123456789"
        ) { GuildID($0) != nil }
        let secret = reader.line("DASHBOARD_DISCORD_CLIENT_SECRET", mayBeEmpty: true, characters: 200)
        missingDiscordVariables = (id == nil ? [idName] : []) + (secret == nil ? [secretName] : [])
        let usesDiscord = use != .demo && (reader.isGiven(idName) || reader.isGiven(secretName))
        if let id, let secret, usesDiscord {
            application = DiscordApplication(id: id, secret: Secret(secret))
        } else {
            application = nil
        }
        isDemo = !usesDiscord && host.isLoopback && Self.isLocal(origin)
        if use == .demo { reader.needThisMachine(host, origin) }
        let callback = SiteSettings(origin: origin).redirectAddress
        _ = reader.matching("DASHBOARD_OAUTH_CALLBACK", example: callback) { $0 == callback }
        // The default: Discord's consent page is not below its API, unlike a stand-in's.
        discordBase = reader.base("DISCORD_API_BASE").flatMap { $0 == "https://discord.com/api/v10" ? nil : $0 }
        tokenSecret = reader.secret("JWT_SECRET", bytes: 64)
        previousTokenSecret = reader.secret("JWT_SECRET_PREVIOUS", bytes: 64)
        discordTokenSecret = reader.secret("DISCORD_TOKEN_SECRET", bytes: 64)
        previousDiscordTokenSecret = reader.secret("DISCORD_TOKEN_SECRET_PREVIOUS", bytes: 64)
        requestsPerMinute = reader.integer("RATE_LIMIT_USER_PER_MINUTE", 1...10_000_000, default: 60)
        requestsPerTenantPerMinute = reader.integer(
            "RATE_LIMIT_TENANT_PER_MINUTE", 1...10_000_000, default: SiteSettings(origin: "").requestsPerTenantPerMinute
        )
        requestsPerKeyPerMinute = reader.integer(
            "RATE_LIMIT_KEY_PER_MINUTE", 1...10_000_000, default: SiteSettings(origin: "").requestsPerKeyPerMinute)
        enforcesScopes = reader.choice("API_KEY_SCOPES", ["enforce": true, "warn": false], default: true)
        signInsPer15Minutes = reader.integer("RATE_LIMIT_SIGN_IN_PER_15_MINUTES", 1...10_000_000, default: 10)
        trustedProxies = TrustedProxies(reader.ranges("TRUSTED_PROXIES"))
        allowedOrigins = reader.origins("CORS_ALLOWED_ORIGINS")
        logLevel = reader.choice(
            "LOG_LEVEL", ["debug": .debug, "info": .info, "warning": .warning, "error": .error], default: .info)
        logFormat = reader.choice("LOG_FORMAT", ["json": .json, "text": .text], default: .json)
        metricsToken = reader.bearerToken("METRICS_TOKEN", characters: 32)
        operatorName = reader.line("OPERATOR_NAME", characters: 200) ?? "the operator of this server"
        operatorContact = reader.line("OPERATOR_CONTACT", characters: 500) ?? ""
        guard reader.mistakes.isEmpty else { throw Mistakes(list: reader.mistakes, hints: warnings) }
    }

    private static func defaultDataDirectory(_ environment: [String: String], isRoot: Bool) -> String {
        if isRoot { return "/var/lib/tracking-dashboard" }
        let home = environment["HOME"] ?? "."
        return (environment["XDG_DATA_HOME"] ?? home + "/.local/share") + "/tracking-dashboard"
    }

    private static func hostText(_ host: IPAddress) -> String {
        if host == .loopback { return "127.0.0.1" }
        if host.description == "0.0.0.0" || host.description == "0:0:0:0:0:0:0:0" { return "localhost" }
        return host.isV4 ? host.description : "[\(host)]"
    }

    static func isLocal(_ origin: String) -> Bool {
        ["http://127.0.0.1", "http://localhost", "http://[::1]", "http://[0:0:0:0:0:0:0:1]"].contains { prefix in
            origin == prefix || origin.hasPrefix(prefix + ":")
        }
    }
}
