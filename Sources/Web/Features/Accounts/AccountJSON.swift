internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Accounts in the API.
enum AccountJSON {
    static let schema = Schema.named("Account", .object(fields))

    static let fields: [Schema.Field] = [
        .field("id", .id), .field("platform", .words("Platform", Platform.self)), .field("handle", .string()),
        .field("displayName", .string()), .field("url", .nullable(.string(format: "uri"))),
        .field("status", .words("AccountStatus", AccountStatus.self)), .field("statusSince", .time),
        .field("followers", .nullable(.count)), .field("lastPostAt", .nullable(.time)),
        .field("postCount", .count), .field("createdAt", .time), .field("version", .version),
        .field("group", AccountGroupJSON.reference),
        .field("brand", BrandJSON.reference),
    ]

    static func write(_ account: Account, to json: inout JSONWriter) {
        json.id("id", account.id)
        json.string("platform", account.platform.rawValue)
        json.string("handle", account.handle)
        json.string("displayName", account.displayName)
        json.string("url", account.url)
        json.string("status", account.status.rawValue)
        json.time("statusSince", account.statusSince)
        json.integer("followers", account.followers)
        json.time("lastPostAt", account.lastPostAt)
        json.integer("postCount", account.postCount)
        json.time("createdAt", account.createdAt)
        json.integer("version", account.version)
        json.object("group") { json in
            json.id("id", account.group)
            json.string("name", account.groupName)
        }
        json.object("brand") { json in
            json.id("id", account.brand)
            json.string("name", account.brandName)
        }
    }
}

/// One account with its history in the API.
enum AccountDetailJSON {
    static let schema = Schema.named(
        "AccountDetail",
        .object(
            AccountJSON.fields + [
                .field("externalId", .nullable(.string())), .field("notes", .string()), .field("updatedAt", .time),
                .field("followerHistory", .array(followers)), .field("viewHistory", .array(views)),
                .field("newestPosts", .array(PostJSON.schema)),
            ]))

    private static let followers = Schema.named(
        "FollowersOfDay", .object([.field("day", .day), .field("followers", .count)]))

    private static let views = Schema.named(
        "ViewsOfDay", .object([.field("day", .day), .field("viewsGained", .count)]))

    static func write(_ detail: AccountDetail, to json: inout JSONWriter) {
        json.object { json in
            AccountJSON.write(detail.account, to: &json)
            json.string("externalId", detail.externalID)
            json.string("notes", detail.notes)
            json.time("updatedAt", detail.updatedAt)
            json.array("followerHistory", detail.followers) { json, point in
                json.object { json in
                    json.day("day", point.day)
                    json.integer("followers", point.followers)
                }
            }
            json.array("viewHistory", detail.views) { json, point in
                json.object { json in
                    json.day("day", point.day)
                    json.integer("viewsGained", point.gained)
                }
            }
            json.value("newestPosts") { PostJSON.write(detail.posts, to: &$0) }
        }
    }
}
