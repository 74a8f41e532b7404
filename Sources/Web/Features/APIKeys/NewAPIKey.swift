internal import Domain
package import Formats
internal import HTTP
package import Persistence

/// A key that was just created.
///
/// Its secret can be shown only now.
package struct NewAPIKey: Sendable {
    /// `tdk_` and 16 characters of base32: the id by which requests name the key.
    package let publicID: String
    /// `tds_` and 256 random bits.
    package let secret: Secret

    package init() { self.init(named: Crypto.random(10)) }

    /// The key of a form.
    ///
    /// If the form is sent twice, both have the same public id, which can be stored only once. The secrets differ.
    init(of form: Form, in guild: GuildID) {
        // Only browser forms have a token, which is unique to the page.
        if form[FormToken.field].isEmpty {
            self.init()
        } else {
            let sent = ([FormToken.field, APIKeyForm.name.name] + APIKeyForm.boxes.map(\.name)).map { form[$0] }
            let text = ([guild.description] + sent).joined(separator: "\n")
            self.init(named: Array(Crypto.sha256(text.utf8).prefix(10)))
        }
    }

    private init(named bytes: [UInt8]) {
        publicID = "tdk_" + Self.base32(bytes)
        secret = Secret("tds_" + Base64URL.encode(Crypto.random(32)))
    }

    init(publicID: String, secret: Secret) {
        self.publicID = publicID
        self.secret = secret
    }

    package func credentials(_ vault: TokenVault) -> APIKeys.Credentials {
        APIKeys.Credentials(publicID: publicID, sealed: vault.seal(secret, ofKey: publicID))
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// RFC 4648, section 6, in lower case; whole groups of 5 bytes only.
    private static func base32(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 5) {
            let group = bytes[start..<start + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            for shift in stride(from: 35, through: 0, by: -5) { text.append(alphabet[Int(group >> shift & 31)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func isPublicID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 20 && bytes.starts(with: "tdk_".utf8) && bytes.dropFirst(4).allSatisfy(alphabet.contains)
    }
}
