internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Seals the tokens that Discord gave for a person, the secrets of API keys, the addresses of webhooks and answers that are
/// kept, so that nobody can use them who has the database alone.
///
/// Four bytes that tell the key, then what the key sealed. Person and kind are part of the seal: a token put in
/// another's row, or in another column, does not open.
package struct TokenVault: Sendable {
    enum Kind: UInt8 {
        case access = 1
        case refresh = 2
    }

    private struct Generation: Sendable {
        let id: [UInt8]
        let key: SealingKey

        init(secret: [UInt8]) {
            let root = AuthenticationKey(secret)
            id = Array(root.derived(for: "key id").code(for: []).prefix(4))
            key = SealingKey(derivedFrom: root, for: "discord tokens")
        }
    }

    private let current: Generation
    private let previous: Generation?

    /// What the previous secret sealed still opens; whatever is sealed now needs the current one.
    package init(current: [UInt8], previous: [UInt8]? = nil) {
        self.current = Generation(secret: current)
        self.previous = previous.map(Generation.init(secret:))
    }

    func seal(_ token: String, _ kind: Kind, of user: UserID) -> [UInt8] {
        seal(token, context: Self.context(kind, user))
    }

    /// A key is told by its public id.
    package func seal(_ secret: String, ofKey id: String) -> [UInt8] { seal(secret, context: Self.context(key: id)) }

    /// The address of a server's webhook.
    func seal(_ webhook: DiscordWebhook, of client: ClientID) -> [UInt8] {
        seal(webhook.address, context: Self.context(webhookOf: client))
    }

    /// An answer that is kept for a request of that key.
    func seal(answer: String, to key: [UInt8]) -> [UInt8] { seal(answer, context: Self.context(answerTo: key)) }

    private func seal(_ text: String, context: [UInt8]) -> [UInt8] {
        current.id + current.key.seal(Array(text.utf8), context: context)
    }

    func seal(_ tokens: DiscordClient.Tokens, of user: UserID) -> DiscordGrants.Tokens {
        DiscordGrants.Tokens(
            access: seal(tokens.access, .access, of: user),
            refresh: tokens.refresh.map { seal($0, .refresh, of: user) }, seconds: tokens.seconds)
    }

    /// Nil for anything that neither secret sealed for this person.
    func open(_ sealed: [UInt8], _ kind: Kind, of user: UserID) -> String? {
        open(sealed, context: Self.context(kind, user))
    }

    /// Nil for anything that neither secret sealed for this key.
    func open(_ sealed: [UInt8], ofKey id: String) -> String? { open(sealed, context: Self.context(key: id)) }

    func openWebhook(_ sealed: [UInt8], of client: ClientID) -> DiscordWebhook? {
        open(sealed, context: Self.context(webhookOf: client)).flatMap { DiscordWebhook($0) }
    }

    func openAnswer(_ sealed: [UInt8], to key: [UInt8]) -> String? {
        open(sealed, context: Self.context(answerTo: key))
    }

    private func open(_ sealed: [UInt8], context: [UInt8]) -> String? {
        let generations = [current] + (previous.map { [$0] } ?? [])
        guard let generation = generations.first(where: { sealed.starts(with: $0.id) }),
            let content = generation.key.open(sealed.dropFirst(4), context: context)
        else { return nil }
        return String(validating: content, as: UTF8.self)
    }

    private static func context(key id: String) -> [UInt8] { Array("api key \(id)".utf8) }

    private static func context(answerTo key: [UInt8]) -> [UInt8] { Array("answer ".utf8) + key }

    private static func context(webhookOf client: ClientID) -> [UInt8] { Array("alert webhook \(client)".utf8) }

    private static func context(_ kind: Kind, _ user: UserID) -> [UInt8] {
        Array("discord \(kind.rawValue) \(user)".utf8)
    }
}
