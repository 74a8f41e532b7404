import Domain
import Formats
import Testing

@Suite struct `Rejections` {
    @Test func `name the field that is wrong`() {
        #expect(Rejection.malformed(.init("limit", "1–100")) != .malformed(.init("cursor", "1–100")))
    }

    @Test func `name the byte at which JSON is wrong`() {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array("[1,]".utf8)) }
        let complaint = Rejection.Complaint("", "The body is not valid JSON: at byte 3, expected a value.")
        #expect(error?.rejection == .malformed(complaint))
    }
}
