import Domain
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `A vault of tokens` {
    let vault = TokenVault(current: Array(repeating: 7, count: 64))
    let ada = UserID(number: 5)

    @Test func `opens its own output, which differs each time`() {
        let sealed = vault.seal("a token", .access, of: ada)
        #expect(vault.open(sealed, .access, of: ada) == "a token")
        #expect(vault.seal("a token", .access, of: ada) != sealed)
        #expect(!String(decoding: sealed, as: UTF8.self).contains("token"))
        #expect(vault.open(vault.seal("", .refresh, of: ada), .refresh, of: ada)?.isEmpty == true)
    }

    @Test func `opens no token of another person or kind`() {
        let sealed = vault.seal("a token", .access, of: ada)
        #expect(vault.open(sealed, .refresh, of: ada) == nil)
        #expect(vault.open(sealed, .access, of: UserID(number: 6)) == nil)
    }

    @Test func `opens no changed or truncated token`() {
        let sealed = vault.seal("a token", .access, of: ada)
        for index in sealed.indices {
            var forged = sealed
            forged[index] ^= 1
            #expect(vault.open(forged, .access, of: ada) == nil, "byte \(index)")
            #expect(vault.open(Array(sealed[..<index]), .access, of: ada) == nil, "length \(index)")
        }
    }

    @Test func `is valid through one rotation of the secret`() {
        let sealed = vault.seal("a token", .access, of: ada)
        let secrets = (new: [UInt8](repeating: 8, count: 64), old: [UInt8](repeating: 7, count: 64))
        #expect(TokenVault(current: secrets.new, previous: secrets.old).open(sealed, .access, of: ada) == "a token")
        #expect(TokenVault(current: secrets.new).open(sealed, .access, of: ada) == nil)
    }
}
