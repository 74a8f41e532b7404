internal import Domain
package import Formats
internal import HTTP
internal import Persistence

/// Encrypts Discord tokens, the secrets of API keys, webhook addresses and stored responses, so that the database alone
/// does not reveal them.
///
/// Format: four bytes that identify the key, then the ciphertext. Person and kind are authenticated: a token copied
/// into another row or column cannot be decrypted.
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

    /// The previous secret still decrypts; the current one encrypts.
    package init(current: [UInt8], previous: [UInt8]? = nil) {
        self.current = Generation(secret: current)
        self.previous = previous.map(Generation.init(secret:))
    }

    func seal(_ token: String, _ kind: Kind, of user: UserID) -> [UInt8] {
        seal(token, context: Self.context(kind, user))
    }

    /// Encrypts the secret of an API key, bound to the key's public id.
    package func seal(_ secret: Secret, ofKey id: String) -> [UInt8] {
        seal(secret.exposed, context: Self.context(key: id))
    }

    /// Encrypts the address of a server's webhook.
    func seal(_ webhook: DiscordWebhook, of client: ClientID) -> [UInt8] {
        seal(webhook.address, context: Self.context(webhookOf: client))
    }

    /// Encrypts a stored response, bound to its idempotency key.
    func seal(answer: String, to key: [UInt8]) -> [UInt8] { seal(answer, context: Self.context(answerTo: key)) }

    private func seal(_ text: String, context: [UInt8]) -> [UInt8] {
        current.id + current.key.seal(Array(text.utf8), context: context)
    }

    func seal(_ tokens: DiscordClient.Tokens, of user: UserID) -> DiscordGrants.Tokens {
        DiscordGrants.Tokens(
            access: seal(tokens.access.exposed, .access, of: user),
            refresh: tokens.refresh.map { seal($0.exposed, .refresh, of: user) }, seconds: tokens.seconds)
    }

    /// Nil unless one of the secrets encrypted it for this person.
    func open(_ sealed: [UInt8], _ kind: Kind, of user: UserID) -> String? {
        open(sealed, context: Self.context(kind, user))
    }

    /// Nil unless one of the secrets encrypted it for this key.
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
