internal import COpenSSL
internal import Formats

/// A key for HMAC-SHA256.
///
/// Its description is only dots; thread-safe.
@safe package final class AuthenticationKey: @unchecked Sendable, CustomStringConvertible {
    /// Initialised once.
    ///
    /// Each use copies it, which is cheaper than a new key setup.
    private let prototype: OpaquePointer

    package init(_ secret: [UInt8]) {
        let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
        guard let context = unsafe EVP_MAC_CTX_new(mac) else { fatalError("OpenSSL has no HMAC") }
        unsafe EVP_MAC_free(mac)
        // The parameters point at their name and value. A string passed to a C function is freed when it returns.
        let key = OSSL_MAC_PARAM_DIGEST.utf8CString
        var digest = "SHA256".utf8CString
        let result = unsafe key.withUnsafeBufferPointer { key in
            unsafe digest.withUnsafeMutableBufferPointer { digest in
                let parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string(key.baseAddress, digest.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                return unsafe EVP_MAC_init(context, secret, secret.count, parameters)
            }
        }
        precondition(result == 1, "OpenSSL has no HMAC with SHA-256")
        unsafe prototype = context
    }

    deinit { unsafe EVP_MAC_CTX_free(prototype) }

    package var description: String { "•••" }

    /// The MAC of the message, 32 bytes.
    package func code(for message: some Collection<UInt8>) -> [UInt8] {
        let fast = message.withContiguousStorageIfAvailable { unsafe code($0) }
        return unsafe fast ?? Array(message).withUnsafeBufferPointer { unsafe code($0) }
    }

    private func code(_ message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        guard let context = unsafe EVP_MAC_CTX_dup(prototype) else { fatalError("out of memory") }
        defer { unsafe EVP_MAC_CTX_free(context) }
        var code = [UInt8](repeating: 0, count: 32)
        var length = 0
        let result =
            unsafe EVP_MAC_update(context, message.baseAddress, message.count)
            & EVP_MAC_final(context, &code, &length, code.count)
        precondition(result == 1 && length == 32, "OpenSSL could not make an HMAC")
        return code
    }

    /// A derived key for one purpose, so that codes of one purpose are invalid for another.
    package func derived(for purpose: StaticString) -> AuthenticationKey {
        AuthenticationKey(code(for: Array(purpose.description.utf8)))
    }
}
