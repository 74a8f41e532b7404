internal import Formats
internal import HTTP

/// An environment variable, as documented for the operator.
struct Variable: Sendable {
    let name: String
    /// The default; empty if it is not a fixed text.
    let standard: String
    let meaning: String

    /// All variables that `Configuration` reads, in a useful order for setup.
    ///
    /// `.env.example` is generated from it. A test compares both, and this list with the variables read.
    static let all = [
        Variable("DASHBOARD_URL", "http://127.0.0.1:8080", "Where people reach the service: scheme, host and port."),
        Variable("DASHBOARD_DISCORD_CLIENT_ID", "", "Discord's id of your application; without both, demo mode."),
        Variable("DASHBOARD_DISCORD_CLIENT_SECRET", "", "Its client secret; with one of both missing, the setup page."),
        Variable("DASHBOARD_OAUTH_CALLBACK", "", "Only checked: the redirect URL that is registered at Discord."),
        Variable("DATABASE_URL", "", "PostgreSQL 13 or newer; without it the service runs one of its own."),
        Variable("DATABASE_POOL_SIZE", "", "Connections that requests share; without it four for each core."),
        Variable("HOST", "127.0.0.1", "IP address to listen on."),
        Variable("PORT", "8080", "Port to listen on; 0 takes any free one."),
        Variable("DATA_DIR", "/var/lib/tracking-dashboard", "Secrets, lock and the service's own PostgreSQL."),
        Variable("JWT_SECRET", "", "At least 64 bytes, which sign tokens; without it made and kept in DATA_DIR."),
        Variable("JWT_SECRET_PREVIOUS", "", "The secret before; what it signed is still accepted."),
        Variable(
            "DISCORD_TOKEN_SECRET", "", "At least 64 bytes, which seal secrets in the database; made like JWT_SECRET."),
        Variable("DISCORD_TOKEN_SECRET_PREVIOUS", "", "The secret before; what it sealed still opens."),
        Variable("RATE_LIMIT_USER_PER_MINUTE", "60", "Requests that one person may make in a minute."),
        Variable("RATE_LIMIT_TENANT_PER_MINUTE", "1200", "Requests about one server by all its people together."),
        Variable("RATE_LIMIT_KEY_PER_MINUTE", "3000", "Requests that one API key may sign in a minute."),
        Variable("API_KEY_SCOPES", "enforce", "enforce refuses what a key has no scope for, warn only logs it."),
        Variable("RATE_LIMIT_SIGN_IN_PER_15_MINUTES", "10", "Sign-ins that may be begun from one address."),
        Variable("CORS_ALLOWED_ORIGINS", "", "Other origins whose scripts may use the API, separated by commas."),
        Variable("TRUSTED_PROXIES", "", "Addresses of proxies whose X-Forwarded-For is believed."),
        Variable("LOG_LEVEL", "info", "debug, info, warning or error."),
        Variable("LOG_FORMAT", "json", "json or text, on standard output."),
        Variable("METRICS_TOKEN", "", "At least 32 characters that read /metrics; without it this machine only."),
        Variable("OPERATOR_NAME", "the operator of this server", "Who runs this, for the terms and privacy pages."),
        Variable("OPERATOR_CONTACT", "", "How to reach them."),
        Variable("DISCORD_API_BASE", "https://discord.com/api/v10", "Another server in Discord's place, for tests."),
    ]

    private init(_ name: String, _ standard: String, _ meaning: String) {
        self.name = name
        self.standard = standard
        self.meaning = meaning
    }

    /// The file `.env.example`.
    static var example: String {
        """
        # Every variable of the service with its default. For real use the first three are enough.
        #
        # The service reads a file like this if ENV_FILE names it; the environment overrides it. Each
        # variable NAME can also be given as NAME_FILE, the path of a file with the value.

        """
            + all.map {
                "\n# \($0.meaning)\n#\($0.name)=\($0.standard.contains(" ") ? "'\($0.standard)'" : $0.standard)\n"
            }
            .joined()
    }
}
