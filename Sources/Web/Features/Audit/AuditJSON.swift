internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// An entry of the audit log as the API says it.
enum AuditJSON {
    static let schema = Schema.named(
        "AuditEntry",
        .object([
            .field("id", .id), .field("createdAt", .time), .field("summary", .string()),
            .field(
                "actor",
                .object([
                    // The id of a person, or of the API key with which a bot came.
                    .field("type", .words(AuditActor.self)), .field("id", .nullable(.id)),
                    .field("name", .nullable(.string())),
                ])),
            .field("action", .string()), .field("targetType", .string()), .field("targetId", .nullable(.string())),
            // Cut to 20,000 characters: its member `omitted` says how many items of lists were left out.
            .field("changes", .object([])),
            .field("source", .string()), .field("ipAddress", .nullable(.string())),
        ]))

    static func write(_ entry: AuditLog.Entry, to json: inout JSONWriter) {
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
        // PostgreSQL wrote it: it is JSON.
        json.value("changes") { $0.raw(entry.changes) }
        json.string("source", entry.source)
        json.string("ipAddress", entry.maskedAddress)
    }
}

extension AuditLog.Entry {
    /// Empty where there is none.
    var actorID: String { actor?.description ?? key?.description ?? "" }

    /// Without the part that tells one household or device from the next.
    var maskedAddress: String? { address.flatMap { IPAddress($0) }?.masked }
}
