internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The requested page of a list: number of rows and start.
struct Paging: Sendable {
    static let limit = QueryParameter<Int>.integer("limit", 1...100, "Items on a page; default: 50")
    static let cursor = QueryParameter<String>.text(
        "cursor", maximum: 2_000, "`nextCursor` of the previous page")

    static let parameters = [limit.description, cursor.description]

    let slice: Slice
    private let context: String
    private let keys: Keys

    /// A page of the site shows at most `most` items, so that it stays below 100 KB.
    ///
    /// - Throws: `malformed` for a limit out of range, and for a cursor of another list, filter or tenant.
    init(_ call: Call, in access: GuildAccess, most: Int = 100) throws(Rejection) {
        keys = call.world.keys
        context = Self.context(path: call.request.path, client: access.client, fields: call.fields)
        var position: Position?
        if let text = try call.query(Self.cursor) {
            position = try Cursor.parse(text, for: context, keys: keys)
        }
        slice = Slice(min(try call.query(Self.limit) ?? 50, most), after: position)
    }

    /// Everything that decides the rows and their order: all query fields except `limit`, `cursor` and `done`, sorted.
    ///
    /// So no filter can be forgotten.
    static func context(path: String, client: ClientID, fields: [(name: String, value: String)]) -> String {
        let others = fields.filter { !["limit", "cursor", "done"].contains($0.name) && !$0.value.isEmpty }
        // No value contains a line break, because parameters reject control characters.
        return others.map { "\($0.name)=\($0.value)" }.sorted().reduce("\(path) \(client)") { $0 + "\n" + $1 }
    }

    /// `nextCursor`: nil on the last page.
    func cursor(_ next: Position?) -> String? {
        next.map { Cursor.text($0, for: context, keys: keys) }
    }
}

extension Response {
    /// A list that fits on one page, because the number of its rows is limited.
    static func list<Item>(_ items: [Item], _ write: (inout JSONWriter, Item) -> Void) -> Response {
        .json { json in
            json.object { json in
                json.array("items", items, write)
                json.string("nextCursor", nil)
            }
        }
    }

    /// A page of a list.
    static func page<Item>(
        _ page: Page<Item>, _ paging: Paging, _ write: (inout JSONWriter, Item) -> Void
    ) -> Response {
        .json(capacity: 16_384) { json in
            json.object { json in
                json.array("items", page.items, write)
                json.string("nextCursor", paging.cursor(page.next))
            }
        }
    }
}
