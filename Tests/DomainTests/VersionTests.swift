import Domain
import Testing
import Formats

@Suite struct `Versions` {
    @Test(arguments: [("0.10.0", "0.9.1"), ("1.0.0", "0.99.99"), ("1.0.1", "1.0.0"), ("1.0.0", "1.0")])
    func `are compared number by number`(later: String, earlier: String) {
        #expect(Version.isLater(later, than: earlier) && !Version.isLater(earlier, than: later))
        #expect(!Version.isLater(later, than: later))
    }

    /// The checksums in existing databases must stay valid.
    @Test func `and the stable hash is FNV-1a`() {
        #expect(StableHash.of("") == "cbf29ce484222325" && StableHash.of("a") == "af63dc4c8601ec8c")
        #expect(StableHash.of("foobar") == "85944171f73967e8")
    }
}
