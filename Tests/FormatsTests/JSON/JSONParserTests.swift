import Formats
import Testing

func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

@Suite struct `JSON` {
    @Test func `keeps the order of members and the spelling of numbers`() throws {
        let value = try parse(#" {"b": [1, -0.50e+2, true, false, null], "a": {"": "x"}, "e": [], "o": {}} "#)
        let members = if case .object(let members) = value { members.map(\.name) } else { [String]() }
        #expect(members == ["b", "a", "e", "o"])
        #expect(value["b"]?.array?.map(\.int64) == [1, nil, nil, nil, nil])
        #expect(value["b"]?.array?.map(\.double) == [1, -50, nil, nil, nil])
        let number = if case .number(let number) = value["b"]?.array?[1] { number.text } else { "" }
        #expect(number == "-0.50e+2")
        #expect(value["a"]?[""]?.string == "x")
        #expect(value["e"] == .array([]))
        #expect(value["o"] == .object([]))
    }

    @Test(arguments: [
        (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC\ud83d\ude00x""#, "é€😀x"),
        ("\"é€😀\u{7F}\"", "é€😀\u{7F}"), (#""a\u0301b""#, "a\u{301}b"), ("\"\u{301}\"", "\u{301}"),
    ])
    func `texts are unescaped`(json: String, text: String) throws {
        #expect(try #require(parse(json).string).hasSameBytes(as: text))
    }

    @Test(
        arguments: [("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min)]
            as [(String, Int64)])
    func `whole numbers are exact`(json: String, number: Int64) throws {
        #expect(try parse(json).int64 == number)
    }

    @Test(arguments: ["1.0", "1e2", "-0", "9223372036854775808", "1E0", "\"1\"", "true"])
    func `other values are no whole numbers`(json: String) throws {
        #expect(try parse(json).int64 == nil)
    }

    @Test func `numbers beyond all bounds are not infinite`() throws {
        #expect(try parse("1e400").double == nil)
        #expect(try parse("-1e400").double == nil)
        #expect(try parse("1e-400").double == 0)
    }

    @Test(arguments: [
        ("", 0, "a value"), ("  ", 2, "a value"), ("\u{FEFF}{}", 0, "a value"), ("{} x", 3, "the end"),
        ("[1,]", 3, "a value"),
        ("{\"a\":1,}", 7, "a name in quotes"), ("{a:1}", 1, "a name in quotes"), ("{'a':1}", 1, "a name in quotes"),
        ("{\"a\" 1}", 5, "a colon"), ("[1 2]", 3, "a comma or ]"), ("{\"a\":1 \"b\":2}", 7, "a comma or }"),
        ("[1", 2, "a comma or ]"),
        ("{", 1, "a name in quotes"), ("[", 1, "a value"), ("01", 1, "the end"), ("-", 1, "a digit"),
        ("+1", 0, "a value"), ("1.", 2, "a digit"),
        (".5", 0, "a value"), ("1e", 2, "a digit"), ("1e+", 3, "a digit"), ("0x10", 1, "the end"),
        ("NaN", 0, "a value"), ("nul", 3, "null"),
        ("nullx", 4, "the end"), ("True", 0, "a value"), ("Infinity", 0, "a value"), ("// x\n1", 0, "a value"),
        ("\"a", 2, "a closing quote"),
        ("\"a\\", 3, "an escape"), ("\"\\x\"", 2, "an escape"), ("\"a\nb\"", 2, "no control character in text"),
        ("\"a\r\nb\"", 2, "no control character in text"), ("\"\u{0}\"", 1, "no control character in text"),
        ("\"\\u12g4\"", 5, "four hexadecimal digits"),
        ("\"\\u0000\"", 1, "no U+0000"), ("\"\\ud800\"", 1, "no lone surrogate"),
        ("\"\\udc00\"", 1, "no lone surrogate"),
        ("\"\\ud800\\u0041\"", 1, "no lone surrogate"), ("\"x\\ud83d\\ud83d\"", 2, "no lone surrogate"),
        ("1\u{0}", 1, "the end"),
        ("{\"a\":1,\"a\":2}", 7, "each name once, and “a” came again"),
        ("{\"a\":1,\"\\u0061\":2}", 7, "each name once, and “a” came again"),
        ("\u{A0}1", 0, "a value"),
    ])
    func `faults are named with their place`(json: String, offset: Int, expected: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try parse(json) }
        #expect(error?.offset == offset)
        #expect(error?.expected == expected)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0xC0, 0x80, 0x22], 2), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xE2, 0x82, 0x22], 1), ([0x22, 0xC3, 0xA9, 0x5C, 0x6E, 0x80, 0x22], 5),
            ([0x7B, 0x22, 0xF5, 0x22], 2),
        ] as [([UInt8], Int)])
    func `only UTF-8 is taken`(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes) }
        #expect(error?.offset == offset)
        #expect(error?.expected == "UTF-8")
    }

    @Test func `UTF-16 is not taken`() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x7B, 0, 0x7D, 0]) }
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) }
    }

    @Test func `names that only look the same are different`() throws {
        let value = try parse("{\"\u{E9}\": 1, \"e\u{301}\": 2, \"\u{212A}\": 3, \"K\": 4}")
        #expect(value["e\u{301}"]?.int64 == 2)
        #expect(value["K"]?.int64 == 4)
    }

    @Test func `a name given twice is found in a large object too`() {
        let members = (0..<5_000).map { "\"m\($0)\":\($0)" }
        #expect(throws: Never.self) { try parse("{\(members.joined(separator: ","))}") }
        #expect(throws: JSONSyntaxError.self) { try parse("{\((members + members.suffix(1)).joined(separator: ","))}") }
    }

    @Test func `has at most 32 levels`() throws {
        let deep = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
        #expect(throws: Never.self) { try parse(deep(32)) }
        #expect(throws: JSONSyntaxError.self) { try parse(deep(33)) }
        #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "{\"a\":", count: 200_000)) }
    }
}
