import Domain
import Formats
import Persistence
import TestKit
import Testing

/// The rule for names exists twice: in Swift for people, in SQL for bots.
@Suite struct `The rule for names` {
    /// Every code point that a text can hold.
    private static let scalars = (UInt32(1)...0x10FFFF).compactMap(Unicode.Scalar.init)

    private func codes(for condition: String) async throws -> [UInt32] {
        let owner = try WaitingConnection(role: .owner)
        try await owner.script("SET statement_timeout = 0")
        let statement: SQL =
            condition == "refused"
            ? "SELECT string_agg(code::text, ' ' ORDER BY code) FROM generate_series(1, 1114111) AS code WHERE NOT code BETWEEN 55296 AND 57343 AND dashboard.has_refused(chr(code))"
            : "SELECT string_agg(code::text, ' ' ORDER BY code) FROM generate_series(1, 1114111) AS code WHERE NOT code BETWEEN 55296 AND 57343 AND NOT dashboard.is_seen(chr(code))"
        return try await owner.rows(statement)[0].text(0).split(separator: " ").compactMap { UInt32($0) }
    }

    @Test func `refuses the same characters in both`() async throws {
        let refused = Self.scalars.filter(NameRule.refuses).map(\.value)
        #expect(try await codes(for: "refused") == refused)
        #expect(refused.contains(0x85) && refused.contains(0x2028) && refused.contains(0x202E))
        #expect(!refused.contains(0x200D) && !refused.contains(0xFE0F) && !refused.contains(0x200F))
    }

    @Test func `sees the same characters in both`() async throws {
        let unseen = Self.scalars.filter { !NameRule.isSeen($0) }.map(\.value)
        #expect(try await codes(for: "unseen") == unseen)
    }
}
