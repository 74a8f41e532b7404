internal import COpenSSL
internal import Formats

/// Incremental SHA-256.
@safe package struct Digest: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
        let result = unsafe EVP_DigestInit_ex2(context, EVP_sha256(), nil)
        precondition(result == 1, "OpenSSL has no SHA-256")
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package mutating func add(_ bytes: ArraySlice<UInt8>) {
        let result = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(result == 1, "OpenSSL could not make a SHA-256 digest")
    }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let result = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(result == 1, "OpenSSL could not make a SHA-256 digest")
    }

    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let result = unsafe EVP_DigestFinal_ex(context, &digest, nil)
        precondition(result == 1, "OpenSSL could not make a SHA-256 digest")
        return digest
    }
}
