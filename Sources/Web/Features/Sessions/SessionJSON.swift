internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A session in the API, for its owner.
enum SessionJSON {
    static let schema = Schema.named(
        "Session",
        .object([
            .field("id", .id), .field("device", .string()), .field("ipAddress", .nullable(.string())),
            .field("createdAt", .time), .field("lastActiveAt", .time), .field("expiresAt", .time),
            .field("isCurrent", .boolean),
        ]))

    static func write(_ entry: LiveSession, isCurrent: Bool, to json: inout JSONWriter) {
        json.id("id", entry.id)
        json.string("device", DeviceName.describe(entry.userAgent))
        json.string("ipAddress", entry.maskedAddress)
        json.time("createdAt", entry.created)
        json.time("lastActiveAt", entry.lastActive)
        json.time("expiresAt", entry.expires)
        json.boolean("isCurrent", isCurrent)
    }
}

extension LiveSession {
    /// Addresses are shown only in this form.
    var maskedAddress: String? { address.flatMap { IPAddress($0) }?.masked }
}
