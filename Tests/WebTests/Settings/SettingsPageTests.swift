import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The page of settings` {
    /// The fields of a page's form as a browser sends them, with the input.
    private func fields(_ page: String, _ typed: [String: String] = [:]) -> [(String, String)] {
        let form = page.firstRange(of: "data-guard").map { String(page[$0.upperBound...]) } ?? ""
        var fields: [String: String] = [:]
        for match in form.matches(of: /<input([^>]*)>/) {
            let attributes = String(match.1)
            guard let name = attributes.firstMatch(of: /\ name="([^"]*)"/)?.1, name != "_csrf" else { continue }
            let value = attributes.firstMatch(of: /\ value="([^"]*)"/).map { String($0.1) }
            if attributes.contains(#"type="checkbox""#) {
                if attributes.contains(" checked") { fields[String(name)] = "on" }
            } else {
                fields[String(name)] = value ?? ""
            }
        }
        if let chosen = form.firstMatch(of: /value="([^"]*)" selected/) { fields["currency"] = String(chosen.1) }
        for (name, value) in typed { fields[name] = value == "off" ? nil : value }
        return fields.map { ($0.key, $0.value) }
    }

    @Test func `saves the changed fields of its form, and confirms it`() async throws {
        let world = try await SettingsWorld()
        let tokens = try await world.test.enter(world.cast.alice.user)
        let page = await world.test.ask(.get, world.page, as: world.alice).text
        let typed = [
            "timezone": "Asia/Tokyo", "trackingEnabled": "off", "statusNotices": "on", "postRetentionDays": "9",
        ]
        let answer = await world.test.submit(world.page, fields(page, typed), as: tokens)
        #expect(answer.header("Location") == "\(world.page)?done=saved")
        let json = try await world.read().json
        #expect(json["timezone"]?.string == "Asia/Tokyo" && json["trackingEnabled"]?.bool == false)
        #expect(json["statusNotices"]?.bool == true && json["postRetentionDays"]?.int64 == 9)
        #expect(json["currency"]?.string == "USD" && json["memberAccess"]?.bool == true)
        let entry = try #require(try await world.entries().last)
        #expect(entry.source == "page" && !entry.changes.contains("currency"))
        let again = await world.test.ask(.get, world.page, as: world.alice).text
        #expect(
            await world.test.submit(world.page, fields(again), as: tokens).header("Location")?.hasSuffix("unchanged")
                == true)
    }

    @Test func `asks before a shorter retention deletes posts, and again for another value`() async throws {
        let world = try await SettingsWorld()
        let tokens = try await world.test.enter(world.cast.alice.user)
        let seed = Seed(world.cast.alice)
        let account = try await seed.account("old", in: try await seed.group("Old"))
        for days in [3, 30, 300] { _ = try await seed.post("p", by: account, posted: .days(days)) }
        let page = await world.test.ask(.get, world.page, as: world.alice).text
        let asked = await world.test.submit(world.page, fields(page, ["postRetentionDays": "20"]), as: tokens)
        #expect(asked.status == 422 && asked.text.contains("Delete 2 posts older than 20 days"))
        #expect(try await world.read().json["postRetentionDays"] == .null)
        #expect(asked.text.contains("Not saved yet: this would permanently delete 2 posts."))
        let wrong = await world.test.submit(
            world.page, fields(asked.text, ["postRetentionDays": "20", "confirmRetention": "20", "currency": "?"]),
            as: tokens)
        #expect(wrong.status == 422 && wrong.text.contains(#"name="confirmRetention" value="20""#))
        let other = await world.test.submit(
            world.page, fields(asked.text, ["postRetentionDays": "1", "confirmRetention": "20"]), as: tokens)
        #expect(other.status == 422 && other.text.contains("Delete 3 posts older than 1 day"))
        let saved = await world.test.submit(
            world.page, fields(other.text, ["postRetentionDays": "1", "confirmRetention": "1"]), as: tokens)
        #expect(saved.header("Location") == "\(world.page)?done=saved")
        // A longer retention, or one that deletes nothing, needs no confirmation.
        let again = await world.test.ask(.get, world.page, as: world.alice).text
        let longer = await world.test.submit(world.page, fields(again, ["postRetentionDays": "900"]), as: tokens)
        #expect(longer.status == 303)
        let once = await world.test.ask(.get, world.page, as: world.alice).text
        #expect(
            await world.test.submit(world.page, fields(once, ["postRetentionDays": "800"]), as: tokens).status == 303)
    }

    @Test func `keeps invalid input, and shows the errors`() async throws {
        let world = try await SettingsWorld()
        let tokens = try await world.test.enter(world.cast.alice.user)
        let page = await world.test.ask(.get, world.page, as: world.alice).text
        let typed = ["timezone": "\"><b>Mars", "nearMissPercent": "7", "checkIntervalMinutes": "90"]
        let answer = await world.test.submit(world.page, fields(page, typed), as: tokens)
        #expect(answer.status == 422)
        #expect(answer.text.contains(#"value="&quot;&gt;&lt;b&gt;Mars""#) || answer.text.contains("&lt;b&gt;Mars"))
        #expect(!answer.text.contains("<b>Mars") && answer.text.contains(#"value="90""#))
        #expect(answer.text.contains("Time zone: must be") && answer.text.contains("from 50 to 99"))
        #expect(try await world.read().tag == "\"1\"")
    }

    @Test func `shows the second of two admins both versions, and saves theirs on the next try`() async throws {
        let world = try await SettingsWorld()
        let tokens = try await world.test.enter(world.cast.alice.user)
        let page = await world.test.ask(.get, world.page, as: world.alice).text
        #expect(await world.put(["timezone": #""Europe/Paris""#, "nearMissPercent": "60"]).status == 200)
        let typed = [
            "currency": "EUR", "nearMissPercent": "95", "alertWebhookUrl": SettingsWorld.webhook + SettingsWorld.secret,
        ]
        let late = await world.test.submit(world.page, fields(page, typed), as: tokens)
        #expect(late.status == 412)
        #expect(late.text.contains("Both of you changed it.") && late.text.contains("Europe/Paris"))
        #expect(late.text.contains("<bdi>60%</bdi>") && late.text.contains("<bdi>95%</bdi>"))
        #expect(!late.text.contains(SettingsWorld.secret) && late.text.contains(#"name="version" value="2""#))
        #expect(try await world.read().json["currency"]?.string == "USD")
        let saved = await world.test.submit(world.page, fields(late.text), as: tokens)
        #expect(saved.header("Location") == "\(world.page)?done=saved")
        let json = try await world.read().json
        #expect(json["timezone"]?.string == "Europe/Paris", "the first's change that the second did not touch")
        #expect(json["currency"]?.string == "EUR" && json["nearMissPercent"]?.int64 == 95)
        #expect(json["alertWebhookUrl"]?.string == SettingsWorld.webhook + "•••")
    }

    @Test func `shows both webhooks if both admins changed it`() async throws {
        let world = try await SettingsWorld()
        let tokens = try await world.test.enter(world.cast.alice.user)
        let page = await world.test.ask(.get, world.page, as: world.alice).text
        #expect(
            await world.put(["alertWebhookUrl": "\"\(SettingsWorld.webhook + SettingsWorld.secret)\""]).status == 200)
        let mine = "https://discord.com/api/webhooks/987654321098765432/" + SettingsWorld.secret
        let late = await world.test.submit(world.page, fields(page, ["alertWebhookUrl": mine]), as: tokens)
        #expect(late.status == 412 && late.text.contains("Both of you changed it."))
        #expect(late.text.contains("987654321098765432") && !late.text.contains(SettingsWorld.secret))
        // If the second admin left the field alone, it shows and keeps the first one's value.
        let other = await world.test.submit(world.page, fields(page, ["currency": "EUR"]), as: tokens)
        #expect(other.status == 412 && other.text.contains(SettingsWorld.webhook))
        #expect(await world.test.submit(world.page, fields(other.text), as: tokens).status == 303)
        #expect(try await world.read().json["alertWebhookUrl"]?.string == SettingsWorld.webhook + "•••")
    }

    @Test func `removes the webhook, and does not repeat an invalid one`() async throws {
        let world = try await SettingsWorld()
        let tokens = try await world.test.enter(world.cast.alice.user)
        _ = await world.put(["alertWebhookUrl": "\"\(SettingsWorld.webhook + SettingsWorld.secret)\""])
        let page = await world.test.ask(.get, world.page, as: world.alice).text
        let wrong = await world.test.submit(
            world.page, fields(page, ["alertWebhookUrl": "https://evil.example/\(SettingsWorld.secret)"]), as: tokens)
        #expect(wrong.status == 422 && !wrong.text.contains(SettingsWorld.secret))
        let removed = await world.test.submit(world.page, fields(page, ["removeWebhook": "on"]), as: tokens)
        #expect(removed.status == 303)
        #expect(try await world.read().json["alertWebhookUrl"] == .null)
    }

    @Test func `is for admins, and fixed for guests`() async throws {
        let world = try await SettingsWorld()
        let charlie = try await world.test.enter(world.cast.charlie.user)
        try await Seed(world.cast.alice).guest(world.cast.charlie.user, .admin)
        let page = await world.test.ask(.get, world.page, headers: [("Cookie", world.test.cookie(charlie))])
        #expect(page.status == 200 && page.text.contains("<fieldset class=\"stack\" disabled>"))
        #expect(await world.test.submit(world.page, fields(page.text), as: charlie).status == 403)
    }
}
