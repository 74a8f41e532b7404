internal import COpenSSL
internal import Formats

/// A key for AES-256-GCM, authenticated encryption.
package struct SealingKey: Sendable {
    /// 96 bits, as recommended for GCM (NIST SP 800-38D, 5.2.1.1).
    private static let nonceSize = 12
    private static let tagSize = 16

    private let bytes: [UInt8]

    package init(derivedFrom key: AuthenticationKey, for purpose: StaticString) {
        bytes = key.code(for: Array(purpose.description.utf8))
    }

    /// Nonce, tag and ciphertext.
    ///
    /// The context is authenticated: the bytes cannot be decrypted with another one.
    package func seal(_ content: [UInt8], context: [UInt8]) -> [UInt8] {
        let nonce = Crypto.random(Self.nonceSize)
        guard let cipher = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_CIPHER_CTX_free(cipher) }
        var sealed = [UInt8](repeating: 0, count: content.count)
        var tag = [UInt8](repeating: 0, count: Self.tagSize)
        var length: Int32 = 0
        let result =
            unsafe EVP_EncryptInit_ex2(cipher, EVP_aes_256_gcm(), bytes, nonce, nil)
            & EVP_EncryptUpdate(cipher, nil, &length, context, Int32(context.count))
            & EVP_EncryptUpdate(cipher, &sealed, &length, content, Int32(content.count))
            & EVP_EncryptFinal_ex(cipher, nil, &length)
            & EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), &tag)
        precondition(result == 1, "OpenSSL could not encrypt")
        return nonce + tag + sealed
    }

    /// Nil unless this key encrypted it for this context.
    package func open(_ sealed: some Collection<UInt8>, context: [UInt8]) -> [UInt8]? {
        let sealed = Array(sealed)
        guard sealed.count >= Self.nonceSize + Self.tagSize else { return nil }
        let nonce = Array(sealed[..<Self.nonceSize])
        var tag = Array(sealed[Self.nonceSize..<Self.nonceSize + Self.tagSize])
        let content = Array(sealed[(Self.nonceSize + Self.tagSize)...])
        guard let cipher = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_CIPHER_CTX_free(cipher) }
        var opened = [UInt8](repeating: 0, count: content.count)
        var length: Int32 = 0
        let result =
            unsafe EVP_DecryptInit_ex2(cipher, EVP_aes_256_gcm(), bytes, nonce, nil)
            & EVP_DecryptUpdate(cipher, nil, &length, context, Int32(context.count))
            & EVP_DecryptUpdate(cipher, &opened, &length, content, Int32(content.count))
            & EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), &tag)
        // Verifies the tag. Do not use the content before.
        guard result == 1, unsafe EVP_DecryptFinal_ex(cipher, nil, &length) == 1 else { return nil }
        return opened
    }
}
