@testable import Formats
@testable import HTTP
@testable import Persistence

extension FuzzTarget {
    /// Arrays of PostgreSQL in its binary format: any bytes, and those that this program writes.
    static let textArrays = FuzzTarget("text-arrays") { bytes in
        check(TextArray.read(bytes).count <= bytes.count / 4, "an element has at least four bytes")
        let texts = bytes.split(separator: 0, omittingEmptySubsequences: false).map { text($0) }
        var encoder = ParameterEncoder()
        encoder.encode([.texts(texts)])
        check(TextArray.read(encoder.bytes) == texts, "an array is read as it was written")
    }
}
