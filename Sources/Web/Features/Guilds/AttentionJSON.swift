internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server's problems in the API: the first ten of each kind, and their number.
enum AttentionJSON {
    static let schema = Schema.named(
        "GuildAttention",
        .object([
            .field("inactiveAccounts", excerpt("InactiveAccounts", of: inactive)),
            .field("silentAccounts", excerpt("SilentAccounts", of: silent)),
            .field("groupsWithoutAccounts", excerpt("EmptyGroups", of: emptyGroup)),
        ]))

    private static let inactive = Schema.named(
        "InactiveAccount",
        .object(
            account + [
                .field("status", .words("AccountStatus", AccountStatus.self)), .field("since", .time),
            ]))

    private static let silent = Schema.named(
        "SilentAccount", .object(account + [.field("lastDataAt", .nullable(.time))]))

    private static let emptyGroup = Schema.named(
        "EmptyGroup",
        .object([.field("id", .id), .field("name", .string()), .field("brand", BrandJSON.reference)]))

    private static let account: [Schema.Field] = [
        .field("id", .id), .field("platform", .words("Platform", Platform.self)), .field("handle", .string()),
    ]

    private static func excerpt(_ name: StaticString, of item: Schema) -> Schema {
        .named(name, .object([.field("total", .count), .field("items", .array(item, count: 0...10))]))
    }

    static func write(_ overview: GuildOverview, to json: inout JSONWriter) {
        write("inactiveAccounts", overview.inactiveAccounts, to: &json) { json, account in
            json.id("id", account.id)
            json.string("platform", account.platform.rawValue)
            json.string("handle", account.handle)
            json.string("status", account.status.rawValue)
            json.time("since", account.since)
        }
        write("silentAccounts", overview.silentAccounts, to: &json) { json, account in
            json.id("id", account.id)
            json.string("platform", account.platform.rawValue)
            json.string("handle", account.handle)
            json.time("lastDataAt", account.lastDataAt)
        }
        write("groupsWithoutAccounts", overview.emptyGroups, to: &json) { json, group in
            json.id("id", group.id)
            json.string("name", group.name)
            json.object("brand") { json in
                json.id("id", group.brand)
                json.string("name", group.brandName)
            }
        }
    }

    private static func write<Item>(
        _ name: StaticString, _ excerpt: Excerpt<Item>, to json: inout JSONWriter,
        _ members: (inout JSONWriter, Item) -> Void
    ) {
        json.object(name) { json in
            json.integer("total", excerpt.total)
            json.array("items", excerpt.items) { json, item in json.object { members(&$0, item) } }
        }
    }
}
