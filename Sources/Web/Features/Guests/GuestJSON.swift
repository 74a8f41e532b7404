internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A guest in the API, and the input to add one.
enum GuestJSON {
    private static let person = Schema.named(
        "Person", .object([.field("id", .id), .field("name", .nullable(.string()))]))

    static let schema = Schema.named(
        "Guest",
        .object([
            .field("id", .id), .field("user", person), .field("level", .words("Level", Level.self)),
            .field("givenBy", person), .field("createdAt", .time), .field("endsAt", .time),
        ]))

    static let input = Schema.named(
        "GuestInput",
        .object([
            .field("userId", .id), .field("level", .words("Level", Level.self)),
            .field("hours", .integer(Int(GuestDraft.hours.lowerBound)...Int(GuestDraft.hours.upperBound))),
        ]))

    static func read(_ json: JSONValue) throws(Rejection) -> GuestDraft {
        try ObjectReader.read(json) { fields in
            let user = fields.required("userId", .identifier(UserID.self))
            let level = fields.required("level", .choice(Level.self))
            let hours = fields.required("hours", .integer(in: GuestDraft.hours))
            return if let user, let level, let hours {
                GuestDraft(user: user, level: level, hours: hours)
            } else { nil }
        }
    }

    static func write(_ guest: Guest, to json: inout JSONWriter) {
        json.id("id", guest.id)
        json.object("user") { write(guest.user, guest.name, to: &$0) }
        json.string("level", guest.level.rawValue)
        json.object("givenBy") { write(guest.giver, guest.giverName, to: &$0) }
        json.time("createdAt", guest.created)
        json.time("endsAt", guest.ends)
    }

    private static func write(_ user: UserID, _ name: String?, to json: inout JSONWriter) {
        json.id("id", user)
        json.string("name", name)
    }
}
