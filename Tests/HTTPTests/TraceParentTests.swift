import Testing

@testable import Formats
@testable import HTTP

@Suite struct `The trace that a request belongs to` {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let parent = "b7ad6b7169203331"

    func read(_ values: String...) -> TraceParent? {
        TraceParent(HeaderFields(values.map { ("Traceparent", $0) }))
    }

    @Test(arguments: [
        "00-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-00", "cc-\(trace)-\(parent)-01-what-comes-later",
    ])
    func `is read`(value: String) throws {
        let found = try #require(read(value))
        #expect(found.trace == Self.trace && found.parent == Self.parent)
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-", "00-\(trace)-\(parent)-1",
        "ff-\(trace)-\(parent)-01",
        "00-\(trace)-\(parent)-01-more", "cc-\(trace)-\(parent)-01more", "00-\(trace.uppercased())-\(parent)-01",
        "00-\(String(repeating: "0", count: 32))-\(parent)-01", "00-\(trace)-0000000000000000-01",
        "00-\(trace)\(parent)--01", "0g-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-0\"",
        " 00-\(trace)-\(parent)-01",
        "00-\(trace.dropLast())\n-\(parent)-01", "cc-\(trace)-\(parent)-01-\(String(repeating: "x", count: 500))",
    ])
    func `is none if the header is invalid`(value: String) {
        #expect(read(value) == nil)
    }

    @Test func `is none if there are two headers or no header`() {
        let value = "00-\(Self.trace)-\(Self.parent)-01"
        #expect(read(value, value) == nil)
        #expect(read() == nil)
    }
}
