import Domain
import TestKit
import Testing

@testable import Persistence

/// A few columns of `guilds`, read from statements that do or do not keep to them.
@Suite struct `A description of rows` {
    private struct Thing: Equatable, Sendable {
        let id: GuildID
        let platform: Platform
        let note: String?
    }

    private static let things = Columns("things") { row throws(DatabaseFailure) in
        try Thing(id: row("t.id"), platform: row("t.platform"), note: row("t.note"))
    }

    private func read(_ statement: SQL) async throws -> [Thing] {
        let rows = try await ask { try await $0.rows(statement) }
        return try Self.things.all(rows)
    }

    private func misread(_ column: String, _ problem: String) -> DatabaseFailure {
        .misread(.init(table: "things", column: column, problem: problem))
    }

    @Test func `makes the SELECT list`() async throws {
        let (list, expected): (SQL, String) = ("SELECT \(Self.things)", "SELECT t.id, t.platform, t.note")
        #expect(list.text == expected)
        let read = try await read(
            "SELECT \(Self.things) FROM (VALUES (7::bigint, 'tiktok', NULL), (8, 'x', '')) t (id, platform, note)")
        #expect(
            read == [
                Thing(id: GuildID(number: 7), platform: .tiktok, note: nil),
                Thing(id: GuildID(number: 8), platform: .x, note: ""),
            ])
    }

    @Test func `refuses a column of another type`() async throws {
        await #expect(throws: misread("t.id", "has the type 25 instead of integer")) {
            try await read("SELECT 'seven', 'tiktok', 'a note'")
        }
    }

    @Test func `refuses another type in an answer without rows`() async throws {
        await #expect(throws: misread("t.platform", "has the type 16 instead of text")) {
            try await read("SELECT 7::bigint, true, 'a note' WHERE false")
        }
    }

    @Test func `refuses an answer that lacks a column`() async throws {
        await #expect(throws: misread("t.note", "is missing")) { try await read("SELECT 7::bigint, 'tiktok'") }
    }

    @Test func `refuses NULL for a value that is not optional`() async throws {
        await #expect(throws: misread("t.id", "is NULL")) { try await read("SELECT NULL::bigint, 'tiktok', 'a note'") }
        await #expect(throws: misread("t.platform", "is NULL")) { try await read("SELECT 7::bigint, NULL, 'a note'") }
    }

    @Test func `refuses an unknown word`() async throws {
        await #expect(throws: misread("t.platform", "holds the unknown word 'vine'")) {
            try await read("SELECT 7::bigint, 'vine', 'a note'")
        }
    }

    @Test func `refuses an unknown word in an array`() async throws {
        let rows = try await ask { try await $0.rows("SELECT ARRAY['posts', 'everything']") }
        #expect(
            throws: DatabaseFailure.misread(
                .init(table: "api_keys", column: "scopes", problem: "holds the unknown word 'everything'"))
        ) {
            try rows.only("scopes", of: "api_keys", as: [APIScope].self)
        }
    }

    @Test func `refuses an empty result if a row is required`() async throws {
        let rows = try await ask { try await $0.rows("SELECT 1 WHERE false") }
        #expect(throws: DatabaseFailure.misread(.init(table: "posts", column: "count(*)", problem: "has no row"))) {
            try rows.only("count(*)", of: "posts", as: Int.self)
        }
        #expect(try rows.first("count(*)", of: "posts", as: Int.self) == nil)
    }

    @Test func `refuses to let a value decide which columns are read`() async throws {
        let choosy = Columns("things") { row throws(DatabaseFailure) in
            let isLong = try row("t.is_long", as: Bool.self)
            return isLong ? "\(try row("t.text", as: String.self))" : "short"
        }
        let rows = try await ask { try await $0.rows("SELECT true, 'long'") }
        #expect(
            throws: DatabaseFailure.misread(
                .init(table: "things", column: "column 2", problem: "more columns are read than were recorded"))
        ) {
            try choosy.all(rows)
        }
    }

    @Test func `is part of another, whose columns go on after its own`() async throws {
        let pair = Columns("things") { row throws(DatabaseFailure) in
            (thing: try row(Self.things), rest: try row("t.rest", as: Int.self))
        }
        let rows = try await ask { try await $0.rows("SELECT 7::bigint, 'tiktok', 'a note', 12") }
        let read = try pair.all(rows)
        #expect(pair.count == 4)
        #expect(read.map(\.thing) == [Thing(id: GuildID(number: 7), platform: .tiktok, note: "a note")])
        #expect(read.map(\.rest) == [12])
    }

    @Test func `of rows that are read in place refuses NULL and short numbers before any is read`() async throws {
        let places = ColumnPlaces("things") { column in
            let (id, note): (Place<GuildID>, Place<String?>) = (column("t.id"), column("t.note"))
            return (id: id, note: note)
        }
        let rows = try await ask { try await $0.rows("SELECT 7::bigint, NULL::text UNION ALL SELECT NULL, 'a note'") }
        #expect(throws: misread("t.id", "is NULL")) { try places.check(rows) }
        let narrow = try await ask { try await $0.rows("SELECT 7::integer, NULL::text") }
        #expect(throws: misread("t.id", "has 4 bytes")) { try places.check(narrow) }
        let sound = try await ask { try await $0.rows("SELECT 7::bigint, NULL::text UNION ALL SELECT 8, ''") }
        let checked = try places.check(sound)
        #expect(checked[0][places.places.id] == GuildID(number: 7))
        if checked[0].text(places.places.note) != nil { Issue.record("NULL is a text") }
        if let note = checked[1].text(places.places.note) {
            #expect(note.count == 0)
        } else {
            Issue.record("an empty text is NULL")
        }
    }
}
