import Domain
import Persistence
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `A cursor` {
    let keys = Keys(current: Array(repeating: 7, count: 64))
    let position = Position(key: .integer(-9_000_000_000), id: 42)

    @Test(arguments: [
        Position(key: .integer(.min), id: 1), Position(key: .integer(0), id: .max),
        Position(key: .text(""), id: 3), Position(key: .text("größe 🦊"), id: 4),
        Position(key: .text("12345678"), id: 5), Position(key: .text("12345678"), id: 5, rowsBefore: 50),
        Position(key: .integer(7), id: 6, isBefore: true),
        Position(key: .text(""), id: 7, isBefore: true, rowsBefore: 1),
    ])
    func `is decoded to the position it was made from`(position: Position) throws {
        let text = Cursor.text(position, for: "accounts", keys: keys)
        #expect(try Cursor.parse(text, for: "accounts", keys: keys) == position)
    }

    @Test func `is valid after one rotation of the secret`() throws {
        let text = Cursor.text(position, for: "accounts", keys: keys)
        let newer = Keys(current: Array(repeating: 8, count: 64), previous: Array(repeating: 7, count: 64))
        #expect(try Cursor.parse(text, for: "accounts", keys: newer) == position)
        let newest = Keys(current: Array(repeating: 9, count: 64), previous: Array(repeating: 8, count: 64))
        #expect(throws: Rejection.self) { try Cursor.parse(text, for: "accounts", keys: newest) }
    }

    @Test(arguments: ["", "a", "AAAAAAAAAAAAAAAAAAAAAAA", "not base64 !", String(repeating: "A", count: 3_000)])
    func `that was not issued is refused`(text: String) {
        #expect(throws: Rejection.self) { try Cursor.parse(text, for: "accounts", keys: keys) }
    }

    @Test func `with one changed letter is refused`() {
        let text = Cursor.text(position, for: "accounts", keys: keys)
        for index in text.indices {
            var changed = text
            changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
            #expect(throws: Rejection.self) { try Cursor.parse(changed, for: "accounts", keys: keys) }
        }
    }

    // MARK: Validity

    let client = ClientID(number: 1)
    let path = "/api/v1/guilds/5/accounts"
    let filters = [(name: "platform", value: "x"), (name: "sort", value: "followers")]

    @Test func `is valid for the same filters in any order, with any limit and after any change`() {
        let context = Paging.context(path: path, client: client, fields: filters)
        let others = [
            ("limit", "3"), ("sort", "followers"), ("cursor", "abc"), ("q", ""), ("platform", "x"), ("done", "added"),
        ]
        #expect(Paging.context(path: path, client: client, fields: others) == context)
    }

    @Test(arguments: [
        ("/api/v1/guilds/5/accounts", 1, [("platform", "x")]),
        ("/api/v1/guilds/5/accounts", 1, [("platform", "x"), ("sort", "handle")]),
        ("/api/v1/guilds/5/accounts", 1, [("platform", "tiktok"), ("sort", "followers")]),
        ("/api/v1/guilds/5/accounts", 1, [("platform", "x"), ("sort", "followers"), ("q", "a")]),
        ("/api/v1/guilds/5/accounts", 2, [("platform", "x"), ("sort", "followers")]),
        ("/api/v1/guilds/6/accounts", 1, [("platform", "x"), ("sort", "followers")]),
        ("/api/v1/guilds/5/posts", 1, [("platform", "x"), ("sort", "followers")]),
    ])
    func `of another list, filter, order or tenant is refused`(
        path: String, client: Int64, filters: [(String, String)]
    ) {
        let own = Paging.context(path: self.path, client: self.client, fields: self.filters)
        let other = Paging.context(path: path, client: ClientID(number: client), fields: filters)
        let text = Cursor.text(position, for: other, keys: keys)
        #expect(throws: Rejection.self) { try Cursor.parse(text, for: own, keys: keys) }
    }
}
