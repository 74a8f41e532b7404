internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The signed-in person in the API.
enum MeJSON {
    static let schema = Schema.named(
        "Me",
        .object([
            .field("id", .id), .field("username", .string()), .field("globalName", .nullable(.string())),
            .field("avatarUrl", .nullable(.string(format: "uri"))),
            .field("email", .nullable(.string())),
            .field("sessionId", .id), .field("csrfToken", .nullable(.string())),
            .field("guilds", .array(membership)),
        ]))

    private static let membership = Schema.named(
        "GuildMembership",
        .object([.field("id", .id), .field("clientId", .id), .field("level", .words("Level", Level.self))]))

    /// The form token is for scripts that authenticate by cookie.
    ///
    /// They send it as `X-CSRF-Token` with every change.
    static func write(_ person: Person, _ session: Session, formToken: String?, to json: inout JSONWriter) {
        json.object { json in
            json.id("id", person.id)
            json.string("username", person.username)
            json.string("globalName", person.globalName)
            json.string("avatarUrl", DiscordImages.avatar(of: person)?.text)
            json.string("email", person.email)
            json.id("sessionId", session.id)
            json.string("csrfToken", formToken)
            json.array("guilds", session.memberships.values.sorted { $0.guild < $1.guild }) { json, membership in
                json.object { json in
                    json.id("id", membership.guild)
                    json.id("clientId", membership.client)
                    json.string("level", membership.level.rawValue)
                }
            }
        }
    }
}
