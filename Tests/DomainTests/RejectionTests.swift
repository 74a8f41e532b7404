import Domain
import Formats
import Testing

@Suite struct `Rejections` {
    @Test func `name the field that is wrong`() {
        #expect(Rejection.malformed(.init("limit", "1–100")) != .malformed(.init("cursor", "1–100")))
    }
}
