internal import Glibc

extension StaticString {
    /// Whether both have the same bytes.
    package func isSame(as other: StaticString) -> Bool {
        let count = utf8CodeUnitCount
        guard count == other.utf8CodeUnitCount else { return false }
        return unsafe utf8Start == other.utf8Start || memcmp(utf8Start, other.utf8Start, count) == 0
    }
}
