internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Addresses of images on Discord's CDN, built from validated hashes.
package enum DiscordImages {
    static func avatar(of person: Person) -> OutsideLink? {
        guard let hash = person.avatar.flatMap(ImageHash.init) else { return nil }
        return OutsideLink("https://cdn.discordapp.com/avatars/\(person.id)/\(hash.text).webp?size=64")
    }

    static func icon(of guild: GuildID, _ hash: String?) -> OutsideLink? {
        guard let hash = hash.flatMap(ImageHash.init) else { return nil }
        return OutsideLink("https://cdn.discordapp.com/icons/\(guild)/\(hash.text).webp?size=64")
    }
}
