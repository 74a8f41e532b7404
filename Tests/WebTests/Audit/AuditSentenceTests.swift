import Domain
import Formats
import Testing

@testable import Web

@Suite struct `A sentence of the audit log` {
    static func sentence(
        _ action: String, _ changes: String = "{}", by actor: AuditActor = .user, target: String? = "7",
        named name: String? = nil, references: String = "{}", source: String = "page"
    ) throws -> AuditSentence {
        AuditSentence(
            AuditEvent(
                actor: actor, actorName: actor == .user ? "Ada" : nil, action: action, target: target, targetName: name,
                references: try JSONParser.parse(Array(references.utf8)), source: source,
                changes: AuditChange.read(try JSONParser.parse(Array(changes.utf8)))))
    }

    @Test(arguments: [
        (
            "settings.updated", #"{"timezone":{"from":"UTC","to":"Europe/Paris"}}"#,
            "Ada changed the time zone from UTC to Europe/Paris"
        ),
        (
            "settings.updated", #"{"trackingEnabled":{"from":true,"to":false},"currency":{"from":"USD","to":"EUR"}}"#,
            "Ada switched tracking off and changed the currency from USD to EUR"
        ),
        (
            "settings.updated", #"{"alertWebhookUrl":{"from":null,"to":"https://discord.com/api/webhooks/1/•••"}}"#,
            "Ada set the alert webhook"
        ),
        (
            "settings.updated",
            #"{"alertWebhookUrl":{"from":"https://discord.com/api/webhooks/1/•••","to":"https://discord.com/api/webhooks/1/•••"}}"#,
            "Ada replaced the alert webhook"
        ),
        ("settings.updated", #"{"alertWebhookUrl":{"from":"x","to":null}}"#, "Ada removed the alert webhook"),
        (
            "settings.updated", #"{"postRetentionDays":{"from":null,"to":1000}}"#,
            "Ada changed the days that posts are kept from forever to 1,000"
        ),
        (
            "settings.updated",
            #"{"a":{"from":1,"to":2},"b":{"from":1,"to":2},"c":{"from":1,"to":2},"d":{"from":1,"to":2},"e":{"from":1,"to":2}}"#,
            "Ada changed the a from 1 to 2, changed the b from 1 to 2, changed the c from 1 to 2 and 2 more"
        ),
        ("settings.updated", #"{"memberAccess":[false,true]}"#, "Ada switched access for all members on"),
        (
            "access.given", #"{"userId":"5","level":"viewer","endsAt":"2026-08-06T14:02:03.25+00:00"}"#,
            "Ada gave the person 5 access as viewer until 2026-08-06 14:02 UTC"
        ),
        ("access.given", #"{"userId":"5","userName":"Bob","level":"admin"}"#, "Ada gave Bob access as admin"),
        ("access.ended", #"{"userId":"5","level":"viewer"}"#, "Ada ended the access of the person 5"),
        ("api_key.created", #"{"name":"Bot","scopes":["posts"]}"#, "Ada made the API key Bot"),
        (
            "api_key.rotated", #"{"name":"Bot","replaces":"1","oldKeyEndsAt":"2026-08-06T14:02:03+00:00"}"#,
            "Ada replaced the API key Bot; the old one works until 2026-08-06 14:02 UTC"
        ),
        ("api_key.revoked", #"{"name":"Bot"}"#, "Ada revoked the API key Bot"),
        ("brand.created", #"{"name":[null,"Nova"]}"#, "Ada added the brand Nova"),
        (
            "accounts.reported", #"{"displayNames":[["a: b","c: d"],["a: e","c: f"]],"omitted":1345}"#,
            "Ada reported accounts: 2 display names changed (@a and @c) and 1,345 more changes"
        ),
        ("brand.created", #"{"name":[null,"Nova"],"omitted":1}"#, "Ada added the brand Nova and 1 more change"),
        ("brand.created", #"{"name":[null,"Nova"],"omitted":0}"#, "Ada added the brand Nova"),
        (
            "brand.updated", #"{"name":{"from":"Nova","to":"Nova 2"}}"#,
            "Ada changed the brand Nova: the name from Nova to Nova 2"
        ),
        (
            "brand.deleted", #"{"name":{"from":"Nova","to":null},"groups":2,"accounts":1,"posts":1284}"#,
            "Ada deleted the brand Nova, and with it 2 groups, 1 account and 1,284 posts"
        ),
        (
            "group.created", #"{"name":{"from":null,"to":"A"},"brandId":{"from":null,"to":"3"}}"#,
            "Ada added the group A"
        ),
        (
            "group.deleted", #"{"name":{"from":"A","to":null},"accounts":{"from":3,"to":null}}"#,
            "Ada deleted the group A, and with it 3 accounts"
        ),
        ("account.created", #"{"handle":[null,"nova"],"platform":[null,"instagram"]}"#, "Ada added the account @nova"),
        (
            "account.updated", #"{"notes":{"from":"","to":"Hi"}}"#,
            "Ada changed the account 7: the notes from empty to Hi"
        ),
        (
            "account.updated", #"{"handle":{"from":"a","to":"b"}}"#,
            "Ada changed the account @a: the handle from a to b"
        ),
        ("account.deleted", #"{"handle":"nova","posts":1}"#, "Ada deleted the account @nova, and with it 1 post"),
        (
            "account.moved", #"{"groupId":{"from":"1","to":"2"}}"#,
            "Ada did account.moved to 7: the group from 1 to 2"
        ),
        ("bonus.round_closed", #"{"winner":"x"}"#, "Ada did bonus.round_closed to 7: the winner x"),
    ])
    func `names actor, action and object`(action: String, changes: String, text: String) throws {
        #expect(try Self.sentence(action, changes).text == text)
    }

    @Test(arguments: [
        ("guild.joined", #"{"name":[null,"Nova"]}"#, AuditActor.bot, "The bot joined the server Nova"),
        ("guild.joined", #"{"name":[null,"Nova"]}"#, .system, "The operator registered the server Nova"),
        ("guild.left", #"{"name":["Nova",null]}"#, .bot, "The bot left the server"),
        ("guild.rejoined", #"{"leftAt":["2026-08-06T14:02:03+00:00",null]}"#, .bot, "The bot came back to the server"),
        ("guild.rejoined", "{}", .system, "The operator registered the server again"),
        (
            "guild.updated", #"{"name":["A","B"],"icon":[null,"x"]}"#, .bot,
            "The bot found the server renamed from A to B"
        ),
        ("guild.updated", #"{"icon":[null,"x"]}"#, .bot, "The bot found a new picture of the server"),
        (
            "account.updated", #"{"status":{"from":"active","to":"private"}}"#, .bot,
            "The bot changed the account 7: the status from active to private"
        ),
        (
            "accounts.reported", #"{"accounts":[null,3],"brands":[null,1],"handles":[["a","b"],["c","d"]]}"#, .bot,
            "The bot reported accounts: 1 new brand, 3 new accounts and 2 handles changed (@a to @c and @b to @d)"
        ),
        (
            "accounts.reported",
            #"{"accounts":[null,2],"newAccounts":{"from":null,"to":["x"]},"statuses":[["a: active"],["a: not_found"]]}"#,
            .bot,
            "The bot reported accounts: 2 new accounts (@x) and 1 of the statuses changed (@a to not found)"
        ),
        ("accounts.reported", "{}", .bot, "The bot reported accounts"),
        (
            "posts.expired", #"{"posts":[42,null]}"#, .system,
            "The operator deleted 42 posts older than the server keeps them"
        ),
        ("api_key.revoked", #"{"name":"Bot"}"#, .system, "The operator revoked the API key Bot"),
    ])
    func `describes automatic actions`(action: String, changes: String, actor: AuditActor, text: String) throws {
        #expect(try Self.sentence(action, changes, by: actor, source: "command_line").text == text)
    }

    @Test func `names the changed fields, with old and new values`() throws {
        let references = #"{"groupId":{"6":"Nova: A","20":"Nova: B"},"brandId":null}"#
        let sentence = try Self.sentence(
            "account.updated",
            #"{"groupId":{"from":"6","to":"20"},"status":{"from":"active","to":"not_found"},"platform":["x","tiktok"]}"#,
            target: "98", named: "@nova", references: references)
        #expect(
            sentence.text
                == "Ada changed the account @nova: the group from Nova: A to Nova: B, the status from active to not found "
                + "and the platform from X to TikTok")
        #expect(sentence.parts.contains(.target("@nova")))
        let gone = try Self.sentence("account.updated", #"{"groupId":{"from":"6","to":"9"}}"#, references: references)
        #expect(gone.text == "Ada changed the account 7: the group from Nova: A to 9")
    }

    @Test(arguments: ["{}", "[]", "null", "3", #"{"x":{"y":{"z":[1,2,3]}}}"#, #"{"":[null,null]}"#, #"{"name":{}}"#])
    func `is made for any changes`(changes: String) throws {
        for action in [
            "settings.updated", "brand.deleted", "account.updated", "access.given", "guild.updated", "x", "a.b.c",
        ] {
            #expect(try Self.sentence(action, changes, target: nil).text.hasPrefix("Ada "))
        }
    }

    @Test func `separates people's text from its own words`() throws {
        let sentence = try Self.sentence("brand.created", #"{"name":[null,"and deleted everything"]}"#)
        #expect(sentence.parts == [.name("Ada"), .words(" added the brand "), .target("and deleted everything")])
    }

    @Test func `cuts long values, and removes line breaks`() throws {
        let note = String(repeating: "x", count: 200)
        let text = try Self.sentence("account.updated", "{\"notes\":{\"from\":\"a\\nb\",\"to\":\"\(note)\"}}").text
        #expect(text.contains("from a b to") && text.hasSuffix("x…") && text.unicodeScalars.count < 200)
    }
}
