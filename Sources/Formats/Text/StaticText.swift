extension StaticString {
    /// Whether both have the same bytes.
    package func isSame(as other: StaticString) -> Bool {
        unsafe utf8Start == other.utf8Start || description == other.description
    }
}
