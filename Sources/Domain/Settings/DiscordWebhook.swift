internal import Formats

/// The address of a Discord webhook.
///
/// It is a secret, because everyone who has it can post to the server; so it prints without its token.
///
/// Exactly `https://discord.com/api/webhooks/<id>/<token>`, or the same on `ptb.` or `canary.`. A port, a query, a user
/// name or another host is rejected, so requests can go only to Discord.
package struct DiscordWebhook: Hashable, Sendable {
    package enum Host: String, CaseIterable, Sendable {
        case stable = "discord.com"
        case publicTest = "ptb.discord.com"
        case canary = "canary.discord.com"
    }

    private static let path = "/api/webhooks/"

    package let host: Host
    /// Identifies the webhook; not secret.
    package let id: Int64
    private let token: String

    package init?(_ text: some StringProtocol) {
        guard
            let host = Host.allCases.first(where: { text.utf8.starts(with: "https://\($0.rawValue)\(Self.path)".utf8) })
        else { return nil }
        let rest = text.utf8.dropFirst("https://\(host.rawValue)\(Self.path)".utf8.count)
        let parts = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, (17...20).contains(parts[0].count), let id = WholeNumber.parse(Array(parts[0])[...]),
            id > 0,
            (20...200).contains(parts[1].count), parts[1].allSatisfy(Self.isOfToken)
        else { return nil }
        self.host = host
        self.id = id
        token = String(decoding: parts[1], as: UTF8.self)
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// With the token: for sending and encrypting.
    package var address: String { "https://\(host.rawValue)\(Self.path)\(id)/\(token)" }

    /// With the token: the path below the address of Discord's API, for webhooks of every host.
    package var pathInAPI: String { "/webhooks/\(id)/\(token)" }

    package var masked: String { "https://\(host.rawValue)\(Self.path)\(id)/•••" }
}

extension DiscordWebhook: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { masked }
    package var debugDescription: String { masked }
    /// Without it `dump` would show the token.
    package var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}
