import Domain
import Formats
import Testing

@Suite struct `The address of a webhook` {
    static let token = "aB3_-" + String(repeating: "x", count: 63)

    @Test(arguments: ["discord.com", "ptb.discord.com", "canary.discord.com"])
    func `is one of Discord's`(host: String) throws {
        let text = "https://\(host)/api/webhooks/123456789012345678/\(Self.token)"
        let webhook = try #require(DiscordWebhook(text))
        #expect(webhook.address == text)
        #expect(webhook.masked == "https://\(host)/api/webhooks/123456789012345678/•••")
    }

    @Test(arguments: [
        "", "https://discord.com/api/webhooks/123456789012345678",
        "http://discord.com/api/webhooks/123456789012345678/",
        "https://discord.com/api/webhooks//T", "https://discord.com.evil.example/api/webhooks/123456789012345678/T",
        "https://evil.example/api/webhooks/123456789012345678/T",
        "https://discord.com@evil.example/api/webhooks/123456789012345678/T",
        "https://user:pass@discord.com/api/webhooks/123456789012345678/T",
        "https://discord.com:8443/api/webhooks/123456789012345678/T",
        "https://discord.com/api/webhooks/../users/123456789012345678/T",
        "https://discord.com/api/webhooks/123456789012345678/T/slack",
        "https://discord.com/api/webhooks/123456789012345678/T?wait=true",
        "https://discord.com/api/webhooks/123456789012345678/T#x",
        "https://discord.com/api/webhooks/123456789012345678/T%2e",
        "https://discord.com/api/webhooks/-23456789012345678/T",
        "https://discord.com/api/webhooks/012345678901234567/T",
        "https://discord.com/api/webhooks/99999999999999999999/T",
        "HTTPS://discord.com/api/webhooks/123456789012345678/T",
        " https://discord.com/api/webhooks/123456789012345678/T",
        "https://discord.com\u{301}/api/webhooks/123456789012345678/T",
        "https://discord.com/api/webhooks/123456789012345678/T\n",
        "https://127.0.0.1/api/webhooks/123456789012345678/T",
        "https://canary.discordapp.com/api/webhooks/123456789012345678/T",
    ])
    func `is nothing else`(text: String) {
        #expect(DiscordWebhook(text.replacing("/T", with: "/\(Self.token)")) == nil)
    }

    @Test(arguments: ["short", String(repeating: "x", count: 201), "with space" + String(repeating: "x", count: 60)])
    func `has a token of Discord's alphabet and length`(token: String) {
        #expect(DiscordWebhook("https://discord.com/api/webhooks/123456789012345678/\(token)") == nil)
    }

    @Test func `is printed without its token`() throws {
        let webhook = try #require(DiscordWebhook("https://discord.com/api/webhooks/123456789012345678/\(Self.token)"))
        var dumped = ""
        dump(AlertWebhook.known(webhook), to: &dumped)
        for text in ["\(webhook)", String(reflecting: webhook), "\(AlertWebhook.known(webhook))", dumped] {
            #expect(!text.contains(Self.token), "\(text)")
        }
    }

    @Test func `is kept if its masked form is sent back`() throws {
        let webhook = try #require(DiscordWebhook("https://discord.com/api/webhooks/123456789012345678/\(Self.token)"))
        #expect(AlertWebhook.known(webhook).replaced(by: webhook.masked) == .known(webhook))
        #expect(AlertWebhook.none.replaced(by: webhook.masked) == nil)
        #expect(AlertWebhook.unreadable.replaced(by: try #require(AlertWebhook.unreadable.masked)) == .unreadable)
        #expect(AlertWebhook.unreadable.replaced(by: webhook.address) == .known(webhook))
    }
}
