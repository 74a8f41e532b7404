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
            .field(
                "actor",
                .object([
                    // The id of a person, or of the API key that the bot used.
                    .field("type", .words(AuditActor.self)), .field("id", .nullable(.id)),
                    .field("name", .nullable(.string())),
                ])),
            .field("action", .string()), .field("targetType", .string()), .field("targetId", .nullable(.string())),
            // Truncated to 20,000 characters: the member `omitted` counts the list items left out.
            .field("changes", .object([])),
            .field("source", .string()), .field("ipAddress", .nullable(.string())),
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
        json.value("changes") { $0.raw(entry.changes) }
        json.string("source", entry.source)
        json.string("ipAddress", entry.maskedAddress)
    }
}

extension AuditLogEntry {
    /// Empty if there is none.
    var actorID: String { actor?.description ?? key?.description ?? "" }

    /// Without the part that identifies a household or device.
    var maskedAddress: String? { address.flatMap { IPAddress($0) }?.masked }
}
