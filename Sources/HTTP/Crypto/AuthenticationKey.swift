internal import COpenSSL
internal import Formats

/// A key for HMAC-SHA256.
///
/// Prints as dots; may be used from any thread.
@safe package final class AuthenticationKey: @unchecked Sendable, CustomStringConvertible {
    /// Keyed once; each use works on a copy, which is cheaper than keying again.
    private let prototype: OpaquePointer

    package init(_ secret: [UInt8]) {
        let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
        guard let context = unsafe EVP_MAC_CTX_new(mac) else { fatalError("OpenSSL has no HMAC") }
        unsafe EVP_MAC_free(mac)
        // Parameters point at their name and value: a string passed to a C function is gone when it returns.
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

    /// 32 bytes that only a holder of the key can make for this message.
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

    /// A key for one purpose, so that a code made for another can never stand in.
    package func derived(for purpose: StaticString) -> AuthenticationKey {
        AuthenticationKey(code(for: Array(purpose.description.utf8)))
    }
}
