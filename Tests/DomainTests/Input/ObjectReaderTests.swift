import Domain
import Formats
import Testing

private struct Draft: Equatable, Sendable {
    var name: String
    var limit: Int64
    var platform: Platform
    var isOn: Bool?
    var brand: BrandID?
    var retention: Given<Int64>
}

private func draft(_ json: String) throws -> Draft {
    try ObjectReader.read(try JSONParser.parse(Array(json.utf8))) { fields in
        let name = fields.required("name", .text(.line(10)))
        let limit = fields.required("limit", .integer(in: 5...1440))
        let platform = fields.required("platform", .choice(Platform.self))
        let isOn = fields.optional("isOn", .boolean)
        let brand = fields.optional("brand", .identifier(BrandID.self))
        let retention = fields.given("retention", .integer(in: 1...10))
        guard let name, let limit, let platform else { return nil }
        return Draft(name: name, limit: limit, platform: platform, isOn: isOn, brand: brand, retention: retention)
    }
}

@Suite struct `Fields of a request` {
    @Test func `become values`() throws {
        let full = #"{"platform":"x","name":" Ada ","limit":5,"isOn":true,"brand":"42","retention":3}"#
        let whole = Draft(
            name: "Ada", limit: 5, platform: .x, isOn: true, brand: BrandID(number: 42), retention: .value(3))
        #expect(try draft(full) == whole)
    }

    @Test func `may be missing or null if they are optional`() throws {
        let missing = try draft(#"{"platform":"x","name":"Ada","limit":5}"#)
        #expect(missing == Draft(name: "Ada", limit: 5, platform: .x, retention: .absent))
        let null = try draft(#"{"platform":"x","name":"Ada","limit":5,"isOn":null,"brand":null,"retention":null}"#)
        #expect(null == Draft(name: "Ada", limit: 5, platform: .x, retention: .null))
    }

    @Test(arguments: [
        (#"{"name":"Ada","limit":5}"#, "/platform", "is missing."),
        (#"{"name":null,"limit":5,"platform":"x"}"#, "/name", "must be text."),
        (#"{"name":" ","limit":5,"platform":"x"}"#, "/name", "must not be empty."),
        (#"{"name":"a\u0001","limit":5,"platform":"x"}"#, "/name", "must not contain control characters (U+0001)."),
        (#"{"name":"Ada","limit":4,"platform":"x"}"#, "/limit", "must be a whole number from 5 to 1440."),
        (#"{"name":"Ada","limit":5.0,"platform":"x"}"#, "/limit", "must be a whole number from 5 to 1440."),
        (#"{"name":"Ada","limit":"5","platform":"x"}"#, "/limit", "must be a whole number from 5 to 1440."),
        (
            #"{"name":"Ada","limit":5,"platform":"X"}"#, "/platform",
            "must be one of: instagram, tiktok, youtube, x, facebook, threads, twitch."
        ),
        (#"{"name":"Ada","limit":5,"platform":"x","isOn":1}"#, "/isOn", "must be true or false."),
        (#"{"name":"Ada","limit":5,"platform":"x","brand":42}"#, "/brand", "must be an id, as text in quotes."),
        (#"{"name":"Ada","limit":5,"platform":"x","brand":"007"}"#, "/brand", "must be an id, as text in quotes."),
        (#"{"name":"Ada","limit":5,"platform":"x","nmae":1}"#, "/nmae", "is not a known field."),
        (#"{"name":"Ada","limit":5,"platform":"x","a~/b":1}"#, "/a~0~1b", "is not a known field."),
        (
            "{\"name\":\"Ada\",\"limit\":5,\"platform\":\"x\",\"na\u{301}me\":1}", "/na\u{301}me",
            "is not a known field."
        ),
        ("[]", "", "must be an object."), ("null", "", "must be an object."),
    ])
    func `that are wrong are named`(json: String, pointer: String, message: String) {
        #expect(throws: Rejection.invalid([Rejection.Complaint(pointer, message)])) { try draft(json) }
    }

    @Test(
        arguments: [("{}", nil), (#"{"name":"Ada"}"#, "Ada")] as [(String, String?)])
    func `may be missing but not null`(json: String, name: String?) throws {
        let read = { (json: String) in
            try ObjectReader.read(try JSONParser.parse(Array(json.utf8))) { fields in
                .some(fields.ifGiven("name", .text(.line(10))))
            }
        }
        #expect(try read(json) == name)
        #expect(throws: Rejection.invalid([.init("/name", "must be text.")])) { try read(#"{"name":null}"#) }
    }

    @Test func `are all reported at once`() {
        let wrong = [
            Rejection.Complaint("/name", "is missing."),
            Rejection.Complaint("/limit", "must be a whole number from 5 to 1440."),
            Rejection.Complaint("/platform", "is missing."), Rejection.Complaint("/extra", "is not a known field."),
        ]
        #expect(throws: Rejection.invalid(wrong)) { try draft(#"{"extra":1,"limit":0}"#) }
    }

    @Test func `that are unknown are reported up to a limit`() {
        let extra = (0..<1_000).map { "\"extra\($0)\":1" }.joined(separator: ",")
        let error = #expect(throws: Rejection.self) { try draft(#"{"platform":"x","name":"Ada","limit":5,\#(extra)}"#) }
        guard case .invalid(let complaints) = error else { return #expect(Bool(false), "not invalid") }
        #expect(complaints.count == ObjectReader.maximalComplaints)
    }

    private func lists(_ json: String) throws -> [[Timestamp]] {
        try ObjectReader.read(try JSONParser.parse(Array(json.utf8))) { fields in
            fields.required(
                "rows", .list(of: .object { $0.required("times", .list(of: .timestamp, count: 0...2)) }, count: 1...3))
        }
    }

    @Test func `can be lists and objects within`() throws {
        let found = try lists(#"{"rows":[{"times":["1970-01-01T00:00:01Z"]},{"times":[]}]}"#)
        #expect(found == [[Timestamp(seconds: 1)], []])
    }

    @Test(arguments: [
        (#"{"rows":[]}"#, "/rows", "must be a list of 1 to 3 items."),
        (
            #"{"rows":[{"times":[]},{"times":["x"]}]}"#, "/rows/1/times/0",
            "must be a time such as 2026-08-06T14:02:03Z."
        ),
        (#"{"rows":[{"times":[],"b":1}]}"#, "/rows/0/b", "is not a known field."),
        (#"{"rows":[7]}"#, "/rows/0", "must be an object."),
        (#"{"rows":[{}]}"#, "/rows/0/times", "is missing."),
    ])
    func `within lists and objects are named by their path`(json: String, pointer: String, message: String) {
        #expect(throws: Rejection.invalid([Rejection.Complaint(pointer, message)])) { try lists(json) }
    }

    @Test func `can contradict each other`() {
        let clash = Rejection.invalid([Rejection.Complaint("/to", "must be after from.")])
        #expect(throws: clash) {
            try ObjectReader.read(.object([])) { fields in
                fields.complain("to", "must be after from.")
                return 1
            }
        }
    }
}
