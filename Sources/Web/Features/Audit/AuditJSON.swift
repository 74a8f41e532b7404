internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// An entry of the audit log in the API.
enum AuditJSON {
    static let schema = Schema.named(
        "AuditEntry",
        .object([
            .field("id", .id), .field("createdAt", .time), .field("summary", .string()),
            .field("actor", actor),
            .field("action", .string()), .field("targetType", .string()), .field("targetId", .nullable(.string())),
            // Truncated to 20,000 characters: the member `omitted` counts the list items left out.
            .field("changes", .named("AuditChanges", .object([]))),
            .field("source", .string()), .field("ipAddress", .nullable(.string())),
        ]))

    private static let actor = Schema.named(
        "AuditActor",
        .object([
            // The id of a person, or of the API key that the bot used.
            .field("type", .words("AuditActorType", AuditActor.self)), .field("id", .nullable(.id)),
            .field("name", .nullable(.string())),
        ]))

    static func write(_ entry: AuditLogEntry, to json: inout JSONWriter) {
        json.string("id", String(entry.id))
        json.time("createdAt", entry.created)
        json.string("summary", AuditSentence(entry.event).text)
        json.object("actor") { json in
            json.string("type", entry.actorType.rawValue)
            if let key = entry.key { json.id("id", key) } else { json.id("id", entry.actor) }
            json.string("name", entry.actorName)
        }
        json.string("action", entry.action)
        json.string("targetType", entry.targetType)
        json.string("targetId", entry.target)
        // PostgreSQL wrote it, so it is valid JSON.
        json.value("changes") { $0.raw(entry.changesInUTC) }
        json.string("source", entry.source)
        json.string("ipAddress", entry.maskedAddress)
    }
}

extension AuditLogEntry {
    /// Empty if there is none.
    var actorID: String { actor?.description ?? key?.description ?? "" }

    /// The members of `changes` that are times.
    private static let times = ["endsAt", "leftAt", "oldKeyEndsAt"]

    /// `changes` with its times in UTC and with `Z`.
    ///
    /// The log has them as PostgreSQL wrote them, with an offset: in the log each byte is part of the hash chain.
    var changesInUTC: String {
        guard changes.contains("At\""), let json = try? JSONParser.parse(Array(changes.utf8)) else { return changes }
        let texts = Self.times.flatMap { name in json[name].map(Self.texts) ?? [] }
        return texts.reduce(changes) { changes, text in
            guard let time = Timestamp.parse(text) else { return changes }
            return changes.replacing("\"\(text)\"", with: "\"\(time.iso8601)\"")
        }
    }

    /// The texts of a value, or of a pair of the old and the new one.
    private static func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let items): items.compactMap(\.string)
        case .object(let members): members.compactMap(\.value.string)
        default: []
        }
    }

    /// Without the part that identifies a household or device.
    var maskedAddress: String? { address.flatMap { IPAddress($0) }?.masked }
}
