internal import Domain
internal import Formats
internal import HTTP

/// Schemas of the JSON that PostgreSQL reads and writes itself, for the API description.
extension BotJSON {
    /// The result of a batch, item by item.
    static let outcome = Schema.named(
        "BotBatchOutcome",
        .object([
            .field("stored", .count), .field("unchanged", .count), .field("repaired", .count),
            .field("rejected", .array(rejection)),
        ]))

    private static let rejection = Schema.named(
        "BotBatchRejection",
        .object([.field("index", .count), .field("field", .nullable(.string())), .field("message", .string())]))

    /// Items of a batch.
    private static let items = 0...1_000

    static let settings = Schema.named(
        "BotGuildSettings",
        .object([
            .field("trackingEnabled", .boolean), .field("checkIntervalMinutes", .count),
            .field("postRetentionDays", .nullable(.count)),
        ]))

    static let trackedAccounts = Schema.named(
        "BotTrackedAccounts",
        .object([
            .field("items", .array(trackedAccount, count: items)), .field("next", .nullable(.id)),
            .field("version", .count),
        ]))

    private static let trackedAccount = Schema.named(
        "BotTrackedAccount",
        .object([
            .field("id", .id), .field("platform", .words("Platform", Platform.self)),
            .field("externalId", .nullable(.string())), .field("handle", .nullable(.string())),
            .field("paused", .boolean),
        ]))

    static let accounts = Schema.named(
        "BotAccounts", .object([.field("items", .array(.named("BotAccount", .object(account)), count: items))]))

    private static let account: [Schema.Field] = [
        .field("platform", .words("Platform", Platform.self)), .field("handle", .text(maximum: 100)),
        .optional("externalId", .text(maximum: 200)), .optional("displayName", .text(maximum: 200)),
        .optional("url", .string(format: "uri")), .optional("brand", .text(maximum: 100)),
        .optional("group", .text(maximum: 100)), .optional("status", .words("AccountStatus", AccountStatus.self)),
        .optional("followers", .count), .field("measuredAt", .time),
    ]

    static let posts = Schema.named(
        "BotPosts", .object([.field("items", .array(.named("BotPost", .object(post)), count: items))]))

    private static let post: [Schema.Field] = [
        .field("platform", .words("Platform", Platform.self)), .optional("handle", .text(maximum: 100)),
        .optional("accountExternalId", .text(maximum: 200)), .field("externalId", .text(maximum: 200)),
        .optional("url", .string(format: "uri")), .optional("caption", .text(maximum: 5_000)),
        .field("postedAt", .time), .field("views", .count), .optional("likes", .count),
        .optional("comments", .count), .optional("shares", .count), .field("measuredAt", .time),
    ]
}
