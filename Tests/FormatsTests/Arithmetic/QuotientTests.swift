import Formats
import Testing

@Suite struct `A quotient` {
    @Test(
        arguments: [
            (0, 1, 0, 0), (1, 3, 0, 3_333), (2, 3, 0, 6_667), (1, 8, 0, 1_250), (19_999, 20_000, 1, 0),
            (7, 2, 3, 5_000),
            (1, 20_000, 0, 1), (1, 20_001, 0, 0),
            // The posts that ended the process.
            (922_337_203_685_476, 999_999_999_999_999, 0, 9_223), (Int64.max, 1, Int64.max, 0),
            (Int64.max, Int64.max, 1, 0),
            (Int64.max - 1, Int64.max, 1, 0), (Int64.max, Int64.max - 1, 1, 0), (Int64.max, 2, Int64.max / 2, 5_000),
        ] as [(Int64, Int64, Int64, Int64)])
    func `has a whole part and a rounded fraction`(dividend: Int64, divisor: Int64, whole: Int64, fraction: Int64) {
        let quotient = Quotient(dividend, dividedBy: divisor, parts: 10_000)
        #expect(quotient?.whole == whole)
        #expect(quotient?.fraction == fraction)
    }

    @Test(arguments: [(1, 0), (1, -1), (-1, 1), (Int64.min, Int64.min)] as [(Int64, Int64)])
    func `does not exist for a divisor that is not positive, or a negative dividend`(dividend: Int64, divisor: Int64) {
        #expect(Quotient(dividend, dividedBy: divisor, parts: 10_000) == nil)
    }

    @Test func `equals plain arithmetic if that does not overflow`() {
        for divisor in [Int64(1), 2, 3, 7, 9_999, 10_000, 123_457, 999_999_999_999_999] {
            for dividend in [Int64(0), 1, 2, 5, 4_999, 5_000, 99_999, 456_789_123, 99_999_999_999_999] {
                let scaled = (dividend * 10_000 + divisor / 2) / divisor
                let quotient = Quotient(dividend, dividedBy: divisor, parts: 10_000)
                #expect(quotient.map { $0.whole * 10_000 + $0.fraction } == scaled, "\(dividend) / \(divisor)")
            }
        }
    }
}
