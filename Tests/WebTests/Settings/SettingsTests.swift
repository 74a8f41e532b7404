import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `Settings` {
    @Test func `are read, replaced and read again, with a version that grows`() async throws {
        let world = try await SettingsWorld()
        let first = try await world.read()
        let saved = await world.put(
            [
                "timezone": #""Europe/Paris""#, "currency": #""EUR""#, "postRetentionDays": "30",
                "nearMissPercent": "99",
            ],
            ifMatch: first.tag)
        #expect(saved.status == 200)
        let second = try await world.read()
        #expect(saved.header("ETag") == second.tag && second.tag != first.tag)
        #expect(second.json["timezone"]?.string == "Europe/Paris" && second.json["currency"]?.string == "EUR")
        #expect(second.json["postRetentionDays"]?.int64 == 30 && second.json["nearMissPercent"]?.int64 == 99)
        let entry = try #require(try await world.entries().first)
        #expect(entry.actor == world.cast.alice.user && entry.source == "api" && entry.address == "127.0.0.1")
        #expect(entry.changes.contains(#""timezone": {"to": "Europe/Paris", "from": "UTC"}"#))
        #expect(entry.changes.contains(#""postRetentionDays": {"to": 30, "from": null}"#))
        #expect(!entry.changes.contains("memberAccess"))
    }

    @Test func `can be sent back unchanged without a new version or audit entry`() async throws {
        let world = try await SettingsWorld()
        let read = await world.test.ask(.get, world.api, as: world.alice)
        let tag = try #require(read.header("ETag"))
        let sent = await world.test.ask(
            .put, world.api, as: world.alice, headers: [("If-Match", tag)], body: ("application/json", read.text))
        #expect(sent.status == 200 && sent.text == read.text && sent.header("ETag") == tag)
        #expect(try await world.entries().isEmpty)
    }

    @Test func `need a version to be changed, and return the current one`() async throws {
        let world = try await SettingsWorld()
        let tag = try await world.read().tag
        #expect(await world.put(["nearMissPercent": "70"], ifMatch: nil).status == 428)
        #expect(await world.put(["nearMissPercent": "70"], ifMatch: tag).status == 200)
        let late = await world.put(["currency": #""EUR""#], ifMatch: tag)
        #expect(late.status == 412)
        let now = try await world.read()
        #expect(late.header("ETag") == now.tag)
        #expect(late.text.contains(#""currentVersion":\#(now.tag.filter(\.isNumber))"#))
        #expect(now.json["currency"]?.string == "USD" && now.json["nearMissPercent"]?.int64 == 70)
        #expect(try await world.entries().count == 1)
    }

    @Test(arguments: [
        ("W/\"1\"", 412), ("\"0\"", 412), ("\"x\", \"1\"", 200), ("1", 400), ("", 400), ("\"1", 400), ("\"1\",", 400),
        ("*", 200), (" \"1\" ", 200), ("\"01\"", 412), ("\"\"", 412),
    ])
    func `accept versions in HTTP's format of entity tags`(header: String, status: Int) async throws {
        let world = try await SettingsWorld()
        #expect(try await world.read().tag == "\"1\"")
        #expect(await world.put(["nearMissPercent": "71"], ifMatch: header).status == status)
    }

    @Test(arguments: [
        ("timezone", #""Mars/Olympus""#), ("timezone", #""localtime""#), ("timezone", #""europe/paris""#),
        ("timezone", #""../etc/passwd""#), ("timezone", #""""#), ("timezone", "null"), ("timezone", #""posix/UTC""#),
        ("currency", #""eur""#), ("currency", #""XXX""#), ("currency", "null"), ("nearMissPercent", "49"),
        ("nearMissPercent", "100"), ("nearMissPercent", "80.5"), ("checkIntervalMinutes", "4"),
        ("checkIntervalMinutes", "1441"), ("postRetentionDays", "0"), ("postRetentionDays", "36501"),
        ("trackingEnabled", "1"), ("trackingEnabled", "null"), ("memberAccess", #""yes""#), ("statusNotices", "null"),
        ("alertWebhookUrl", #""http://discord.com/api/webhooks/1/2""#), ("alertWebhookUrl", "7"),
        ("alertWebhookUrl", #""https://discord.com/api/webhooks/123456789012345678/•••""#), ("clientId", "5"),
    ])
    func `that are wrong are named`(field: String, value: String) async throws {
        let world = try await SettingsWorld()
        let answer = await world.put([field: value])
        #expect(answer.status == 422)
        #expect(
            answer.text.contains(#""pointer":"/\#(field)""#) && !answer.text.contains("discord.com/api/webhooks/1/2"))
        #expect(try await world.read().tag == "\"1\"")
    }

    @Test func `that are wrong are named all at once`() async throws {
        let world = try await SettingsWorld()
        let answer = await world.put(["timezone": "1", "currency": "2", "memberAccess": "3", "alertWebhookUrl": "4"])
        for field in ["timezone", "currency", "memberAccess", "alertWebhookUrl"] {
            #expect(answer.text.contains(#""pointer":"/\#(field)""#))
        }
    }

    @Test(arguments: [
        "trackingEnabled", "notificationsEnabled", "timezone", "currency", "alertWebhookUrl", "memberAccess",
        "nearMissPercent", "checkIntervalMinutes", "postRetentionDays",
    ])
    func `must be complete`(name: String) async throws {
        let world = try await SettingsWorld()
        let answer = await world.test.ask(
            .put, world.api, as: world.alice, headers: [("If-Match", "*")], body: SettingsWorld.body(without: name))
        #expect(answer.status == 422 && answer.text.contains(#""pointer":"/\#(name)""#))
    }

    @Test func `are read but not changed by guests`() async throws {
        let world = try await SettingsWorld()
        let charlie = try await world.test.signIn(world.cast.charlie.user)
        try await Seed(world.cast.alice).guest(world.cast.charlie.user, .admin)
        #expect(await world.test.ask(.get, world.api, as: charlie).status == 200)
        #expect(await world.put(["nearMissPercent": "70"], as: charlie).status == 403)
        #expect(try await world.entries().isEmpty)
    }

    @Test func `take effect at once, in other processes too`() async throws {
        let world = try await SettingsWorld()
        let another = await TestSite.another
        let bob = try await world.test.signIn(world.cast.bob.user)
        let overview = "/api/v1/guilds/\(world.cast.alice.guild)"
        #expect(await another.ask(.get, overview, as: bob).status == 200)
        #expect(await world.put(["memberAccess": "false"]).status == 200)
        #expect(await world.test.ask(.get, overview, as: bob).status == 404)
        for _ in 1...200 where await another.ask(.get, overview, as: bob).status == 200 { await Task.yield() }
        #expect(await another.ask(.get, overview, as: bob).status == 404)
    }

    @Test func `are saved once if eight admins save the same version`() async throws {
        let world = try await SettingsWorld()
        let statuses = await withTaskGroup(of: Int.self) { group in
            for number in 0..<8 {
                group.addTask { await world.put(["nearMissPercent": "\(60 + number)"], ifMatch: "\"1\"").status }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200] + Array(repeating: 412, count: 7))
        #expect(try await world.entries().count == 1)
        #expect(try await world.read().tag == "\"2\"")
    }
}
