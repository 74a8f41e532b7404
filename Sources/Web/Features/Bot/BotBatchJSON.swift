internal import Domain
internal import Formats
internal import HTTP

/// Schemas of the JSON that PostgreSQL reads and writes itself, for the API description.
extension BotJSON {
    /// The result of a batch, item by item.
    static let outcome = Schema.named(
        "BotBatchOutcome",
        .object([
            .field("stored", .integer()), .field("unchanged", .integer()),
            .field(
                "rejected",
                .array(
                    .object([
                        .field("index", .integer()), .field("field", .nullable(.string())),
                        .field("message", .string()),
                    ]))),
        ]))

    static let settings = Schema.named(
        "BotGuildSettings",
        .object([
            .field("trackingEnabled", .boolean), .field("checkIntervalMinutes", .integer()),
            .field("postRetentionDays", .nullable(.integer())),
        ]))

    static let accounts = Schema.named(
        "BotAccounts", .object([.field("items", .array(.named("BotAccount", .object(account))))]))

    private static let account: [Schema.Field] = [
        .field("platform", .words(Platform.self)), .field("handle", .text(maximum: 100)),
        .optional("externalId", .text(maximum: 200)), .optional("displayName", .text(maximum: 200)),
        .optional("url", .string(format: "uri")), .optional("brand", .text(maximum: 100)),
        .optional("group", .text(maximum: 100)), .optional("status", .words(AccountStatus.self)),
        .optional("followers", .integer()), .field("measuredAt", .time),
    ]

    static let posts = Schema.named(
        "BotPosts", .object([.field("items", .array(.named("BotPost", .object(post))))]))

    private static let post: [Schema.Field] = [
        .field("platform", .words(Platform.self)), .optional("handle", .text(maximum: 100)),
        .optional("accountExternalId", .text(maximum: 200)), .field("externalId", .text(maximum: 200)),
        .optional("url", .string(format: "uri")), .optional("caption", .text(maximum: 5_000)),
        .field("postedAt", .time), .field("views", .integer()), .optional("likes", .integer()),
        .optional("comments", .integer()), .optional("shares", .integer()), .field("measuredAt", .time),
    ]
}
