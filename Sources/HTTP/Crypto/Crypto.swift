internal import COpenSSL
internal import Formats

/// OpenSSL's primitives.
///
/// Only the files of this folder use OpenSSL.
package enum Crypto {
    package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        var digest = [UInt8](repeating: 0, count: 32)
        let result = unsafe EVP_Digest(input, input.count, &digest, nil, EVP_sha256(), nil)
        precondition(result == 1, "OpenSSL could not make a SHA-256 digest")
        return digest
    }

    /// Cryptographically secure random bytes.
    package static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = unsafe RAND_bytes(&bytes, Int32(count))
        precondition(result == 1, "OpenSSL has no randomness")
        return bytes
    }

    /// Compares in constant time.
    package static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        let left = Array(left)
        let right = Array(right)
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }
}
