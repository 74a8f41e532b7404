import Domain
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `An access token` {
    let keys = Keys(current: Array(repeating: 3, count: 64))
    let token = AccessToken(
        user: UserID(number: 5), session: SessionID(number: 6), username: "ada \"<&>\" 🦊",
        guilds: [.init(guild: GuildID(number: 7), client: ClientID(number: 8), permissions: .administrator)],
        issuedAt: 1_000_000)

    func read(_ text: String, _ keys: Keys, now: Int64 = 1_000_010) -> AccessToken? {
        AccessToken(ArraySlice(text.utf8), keys: keys, now: now)
    }

    @Test func `is decoded as it was encoded`() { #expect(read(token.signed(with: keys), keys) == token) }

    @Test func `lives for fifteen minutes`() {
        let text = token.signed(with: keys)
        #expect(read(text, keys, now: 1_000_899) != nil)
        #expect(read(text, keys, now: 1_000_900) == nil)
        #expect(read(text, keys, now: 999_900) == nil)
    }

    @Test func `is valid through one rotation of the secret`() {
        let text = token.signed(with: keys)
        #expect(read(text, Keys(current: [9], previous: Array(repeating: 3, count: 64))) == token)
        #expect(read(text, Keys(current: [9])) == nil)
    }

    @Test func `is refused if any byte was changed`() {
        let bytes = Array(token.signed(with: keys).utf8)
        for index in bytes.indices {
            var forged = bytes
            forged[index] = forged[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(AccessToken(forged[...], keys: keys, now: 1_000_010) == nil, "byte \(index)")
        }
        for length in 0..<bytes.count { #expect(AccessToken(bytes[..<length], keys: keys, now: 1_000_010) == nil) }
    }

    @Test func `omits a list that would not fit into a cookie`() throws {
        let many = (1...200).map { number in
            AccessToken.Guild(
                guild: GuildID(number: 1_234_567_890_123_456_000 + Int64(number)), client: ClientID(number: 1),
                permissions: .administrator)
        }
        let long = AccessToken(
            user: token.user, session: token.session, username: "ada", guilds: many, issuedAt: 1_000_000)
        let text = long.signed(with: keys)
        #expect(text.utf8.count < 4_000)
        let back = try #require(read(text, keys))
        #expect(back.guilds == nil)
        #expect(back.session == long.session)
    }
}

@Suite struct `A refresh token` {
    let keys = Keys(current: Array(repeating: 3, count: 64))

    @Test func `is decoded as it was encoded`() {
        let token = RefreshToken.first(of: SessionID(number: .max), keys: keys)
        #expect(RefreshToken(token.text, keys: keys) == token)
        #expect(token.text.utf8.count == 80)
    }

    @Test func `has one child that is the same at each call`() {
        let token = RefreshToken.first(of: SessionID(number: 4), keys: keys)
        let children = token.children(keys: keys)
        #expect(children == token.children(keys: keys))
        #expect(children.count == 1)
        #expect(children[0].hash != token.hash)
        #expect(children[0].session == token.session)
        #expect(children[0].generation == 1)
        #expect(children[0].children(keys: keys)[0].generation == 2)
    }

    @Test func `has the same children when the secret is rotated between two uses`() throws {
        let (old, new) = (Array(repeating: UInt8(3), count: 64), Array(repeating: UInt8(4), count: 64))
        let rotated = Keys(current: new, previous: old)
        let token = RefreshToken.first(of: SessionID(number: 4), keys: keys)
        let children = try #require(RefreshToken(token.text, keys: rotated)).children(keys: rotated)
        // The child for a process that does not have the new secret yet comes first.
        #expect(children.count == 2 && children[0].hash == token.children(keys: keys)[0].hash)
        // The new secret signs it as well, so the old one can be removed.
        #expect(RefreshToken(children[0].text, keys: Keys(current: new)) == children[0])
        // Two tabs have the same token, each signed with another secret.
        let signedBefore = try #require(RefreshToken(token.children(keys: keys)[0].text, keys: rotated))
        let (one, other) = (children[0].children(keys: rotated), signedBefore.children(keys: rotated))
        #expect(Set(one.map(\.hash)) == Set(other.map(\.hash)))
    }

    @Test func `is distinguished from a forged one without a database`() {
        let token = RefreshToken.first(of: SessionID(number: 4), keys: keys)
        #expect(RefreshToken(token.text, keys: Keys(current: [1])) == nil)
        #expect(RefreshToken(String(token.text.dropLast()), keys: keys) == nil)
        for index in 0..<80 {
            var bytes = Array(token.text.utf8)
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(RefreshToken(String(decoding: bytes, as: UTF8.self), keys: keys) == nil, "byte \(index)")
        }
    }
}
