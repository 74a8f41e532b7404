@testable import Formats
import Testing

@Suite struct `Form fields` {
    private func parse(_ text: String, maxFields: Int = 5) throws -> [[String]] {
        try FormFields.parse(Array(text.utf8), maxFields: maxFields).fields.map { [$0.name, $0.value] }
    }

    @Test(
        arguments: [
            ("", []), ("a=1&b=2", [["a", "1"], ["b", "2"]]), ("b=2&a=1&b=3", [["b", "2"], ["a", "1"], ["b", "3"]]),
            ("a", [["a", ""]]), ("a=", [["a", ""]]),
            ("=1", [["", "1"]]), ("a=1=2", [["a", "1=2"]]), ("&&a=1&", [["a", "1"]]),
            ("a+b=c+d%2Be", [["a b", "c d+e"]]),
            ("q=%C3%A9%F0%9F%98%80", [["q", "é😀"]]), ("t=a%0D%0Ab", [["t", "a\r\nb"]]), ("a%3D=%26", [["a=", "&"]]),
        ] as [(String, [[String]])])
    func `keep their order`(text: String, fields: [[String]]) throws {
        #expect(try parse(text) == fields)
    }

    @Test(arguments: [
        ("a=1&b=%", "b", "is not readable text."), ("b=%zz", "b", "is not readable text."),
        ("b=%FF", "b", "is not readable text."),
        ("b=%00", "b", "is not readable text."), ("b=\u{0}", "b", "is not readable text."),
        ("a=1&%C3=1", "", "The name of field 2 is not readable text."),
        ("a&b&c&d&e&f", "", "There are more than 5 fields."),
    ])
    func `that cannot be read are named`(text: String, pointer: String, message: String) {
        #expect(throws: FormSyntaxError(pointer, message)) { try parse(text) }
    }

    @Test func `are found by the bytes of their name`() throws {
        let fields = try FormFields.parse(Array("%E2%84%AA=1&K=2&id=1&id=2".utf8), maxFields: 10)
        #expect(fields["K"] == "2")
        #expect(fields["k"] == nil)
        #expect(fields.all("id") == ["1", "2"])
        #expect(try fields.single("K") == "2")
        #expect(try fields.single("missing") == nil)
        #expect(throws: FormSyntaxError("id", "was sent more than once.")) {
            try fields.single("id")
        }
    }

    @Test func `become a query again`() throws {
        let query = "a%20b=1%2B1&c=%C3%A9&c="
        #expect(try FormFields.parse(Array(query.utf8), maxFields: 3).query == query)
    }
}
