internal import Domain
internal import Formats
internal import HTTP

/// The paths of the pages.
enum PagePath {
    static let servers: Path<> = Path("/")
    static let login: Path<> = Path("/login")
    static let signInCallback: Path<> = Path("/api/v1/auth/discord/callback")
    static let logout: Path<> = Path("/logout")
    static let theme: Path<> = Path("/preferences/theme")
    static let terms: Path<> = Path("/terms")
    static let privacy: Path<> = Path("/privacy")
    static let status: Path<> = Path("/status")
    static let docs: Path<> = Path("/docs")
    static let profile: Path<> = Path("/account")
    static let sessions: Path<> = Path("/account/sessions")
    static let endSession = Path<SessionID>("/account/sessions/{sessionId}/end")
    static let endSessions: Path<> = Path("/account/sessions/end-all")

    static let overview = Path<GuildID>("/guilds/{guildId}")
    static let tracking = Path<GuildID>("/guilds/{guildId}/tracking")
    static let accounts = Path<GuildID>("/guilds/{guildId}/tracking/accounts")
    static let posts = Path<GuildID>("/guilds/{guildId}/tracking/posts")
    static let brands = Path<GuildID>("/guilds/{guildId}/tracking/brands")
    static let account = Path<GuildID, ClientAccountID>("/guilds/{guildId}/accounts/{accountId}")
    static let newBrand = Path<GuildID>("/guilds/{guildId}/brands/new")
    static let editBrand = Path<GuildID, BrandID>("/guilds/{guildId}/brands/{brandId}/edit")
    static let deleteBrand = Path<GuildID, BrandID>("/guilds/{guildId}/brands/{brandId}/delete")
    static let newGroup = Path<GuildID>("/guilds/{guildId}/groups/new")
    static let editGroup = Path<GuildID, AccountGroupID>("/guilds/{guildId}/groups/{groupId}/edit")
    static let deleteGroup = Path<GuildID, AccountGroupID>("/guilds/{guildId}/groups/{groupId}/delete")
    static let newAccount = Path<GuildID>("/guilds/{guildId}/accounts/new")
    static let editAccount = Path<GuildID, ClientAccountID>("/guilds/{guildId}/accounts/{accountId}/edit")
    static let deleteAccount = Path<GuildID, ClientAccountID>("/guilds/{guildId}/accounts/{accountId}/delete")
    static let pauseAccount = Path<GuildID, ClientAccountID>("/guilds/{guildId}/accounts/{accountId}/pause")
    static let resumeAccount = Path<GuildID, ClientAccountID>("/guilds/{guildId}/accounts/{accountId}/resume")
    static let usage = Path<GuildID>("/guilds/{guildId}/usage")
    static let settings = Path<GuildID>("/guilds/{guildId}/settings")
    static let audit = Path<GuildID>("/guilds/{guildId}/audit")
    static let guests = Path<GuildID>("/guilds/{guildId}/access")
    static let endGuest = Path<GuildID, GuestID>("/guilds/{guildId}/access/{guestId}/end")
    static let apiKeys = Path<GuildID>("/guilds/{guildId}/api-keys")
    static let rotateAPIKey = Path<GuildID, APIKeyID>("/guilds/{guildId}/api-keys/{keyId}/rotate")
    static let endAPIKey = Path<GuildID, APIKeyID>("/guilds/{guildId}/api-keys/{keyId}/end")
    static let guildStatus = Path<GuildID>("/guilds/{guildId}/status")
    /// The live status, used by scripts.
    static let statusStream = Path<GuildID>("/api/v1/guilds/{guildId}/status/stream")
}

extension Link {
    /// The same address with a query; fields without a value are left out.
    func asking(_ fields: [(String, String?)]) -> Link {
        let given = fields.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : FormFields.Field(name, $0) }
        }
        return given.isEmpty ? self : Link(text: "\(text)?\(FormFields(given).query)")
    }

    /// An anchor on that page.
    func at(_ id: StaticString) -> Link { Link(text: "\(text)#\(id)") }

    init(_ path: ReturnPath) { self.init(text: path.description) }
}
