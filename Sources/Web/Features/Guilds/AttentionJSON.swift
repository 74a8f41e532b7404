internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server's problems in the API: the first ten of each kind, and their number.
enum AttentionJSON {
    static let schema = Schema.object([
        .field(
            "inactiveAccounts",
            excerpt(of: account + [.field("status", .words(AccountStatus.self)), .field("since", .time)])),
        .field("silentAccounts", excerpt(of: account + [.field("lastDataAt", .nullable(.time))])),
        .field(
            "groupsWithoutAccounts",
            excerpt(of: [
                .field("id", .id), .field("name", .string()),
                .field("brand", .object([.field("id", .id), .field("name", .string())])),
            ])),
    ])

    private static let account: [Schema.Field] = [
        .field("id", .id), .field("platform", .words(Platform.self)), .field("handle", .string()),
    ]

    private static func excerpt(of fields: [Schema.Field]) -> Schema {
        .object([.field("total", .integer()), .field("items", .array(.object(fields)))])
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
