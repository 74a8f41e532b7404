internal import Formats
internal import HTTP

/// The table of all endpoints.
///
/// Routing, access checks, the API description and tests use it.
package enum Endpoints {
    /// Demo mode adds the stand-in for Discord.
    package static func all(isDemo: Bool) -> [Endpoint] {
        Operations.endpoints + [OpenAPI.endpoint] + SignInEndpoints.endpoints + SessionEndpoints.endpoints
            + GuildEndpoints.endpoints + SettingsEndpoints.endpoints
            + BrandEndpoints.endpoints + AccountGroupEndpoints.endpoints + AccountEndpoints.endpoints
            + PostEndpoints.endpoints + APIKeyEndpoints.endpoints + BotEndpoints.endpoints + GuestEndpoints.endpoints
            + UsageEndpoints.endpoints + AuditEndpoints.endpoints + [ProblemEndpoints.endpoint]
            + StatusEndpoints.endpoints + Pages.endpoints
            + (isDemo ? DiscordStandIn.endpoints : [])
    }
}
