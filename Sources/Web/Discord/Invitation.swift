internal import Domain
internal import Formats
internal import HTTP

extension DiscordApplication {
    /// View channels 1,024, send messages 2,048, embed links 16,384, read message history 65,536.
    private static let botPermissions = 84_992

    /// The address to add the bot to a guild.
    func invitation(to guild: GuildID) -> OutsideLink? {
        OutsideLink(
            "https://discord.com/oauth2/authorize?client_id=\(PercentCoding.encode(id))&scope=bot%20applications.commands"
                + "&permissions=\(Self.botPermissions)&guild_id=\(guild)&disable_guild_select=true")
    }
}
