internal import HTTP
internal import Web

extension Configuration {
    /// The client for Discord, or for the stand-in: in demo mode this service itself, on that port.
    func discord(port: UInt16 = 0) -> DiscordClient {
        if isDemo {
            let own = "http://\(host.isV4 ? "\(host)" : "[\(host)]"):\(port)"
            return DiscordClient(
                client: HTTPSClient(allowsHTTP: true), authorizeAddress: DiscordStandIn.authorizePath,
                base: own + DiscordStandIn.apiPath, site: origin)
        }
        return DiscordClient(
            client: HTTPSClient(allowsHTTP: discordBase?.hasPrefix("http://") ?? false),
            authorizeAddress: discordBase.map { $0 + "/oauth2/authorize" } ?? "https://discord.com/oauth2/authorize",
            base: discordBase ?? "https://discord.com/api/v10", site: origin)
    }
}
