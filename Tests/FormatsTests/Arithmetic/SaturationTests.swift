import Formats
import Testing

@Suite struct `Arithmetic that saturates` {
    @Test(
        arguments: [
            (1, 2, 3), (Int64.max, 1, Int64.max), (Int64.min, -1, Int64.min), (Int64.min, Int64.max, -1),
            (Int64.max, Int64.min, -1),
        ] as [(Int64, Int64, Int64)])
    func `adds`(left: Int64, right: Int64, sum: Int64) {
        #expect(left.saturatingAdd(right) == sum)
    }

    @Test(
        arguments: [
            (3, 2, 1), (Int64.min, 1, Int64.min), (Int64.max, -1, Int64.max), (0, Int64.min, Int64.max),
            (-1, Int64.min, Int64.max),
        ] as [(Int64, Int64, Int64)])
    func `subtracts`(left: Int64, right: Int64, difference: Int64) {
        #expect(left.saturatingSubtract(right) == difference)
    }

    @Test(
        arguments: [
            (3, -2, -6), (Int64.max, 2, Int64.max), (Int64.max, -2, Int64.min), (Int64.min, -1, Int64.max),
            (Int64.min, 2, Int64.min), (0, Int64.min, 0),
        ] as [(Int64, Int64, Int64)])
    func `multiplies`(left: Int64, right: Int64, product: Int64) {
        #expect(left.saturatingMultiply(by: right) == product)
    }

    @Test func `sums`() {
        #expect([1, 2, 3].saturatingSum == 6)
        #expect([Int64]().saturatingSum == 0)
        #expect([Int64.max, 1, Int64.max].saturatingSum == .max)
    }

    @Test(
        arguments: [
            (0.0, 0), (0.5, 1), (-0.5, -1), (0.49999999999999994, 0), (1e18, 1_000_000_000_000_000_000), (.nan, 0),
            (.infinity, .max), (-.infinity, .min), (9_223_372_036_854_775_808.0, .max), (1e300, .max), (-1e300, .min),
            (-9_223_372_036_854_775_808.0, .min), (86_399.5, 86_400), (9_007_199_254_740_993.0, 9_007_199_254_740_992),
        ] as [(Double, Int64)])
    func `rounds to whole numbers`(number: Double, whole: Int64) {
        #expect(Int64(saturating: number) == whole)
    }

    @Test(
        arguments: [
            (7, 2, 3, 1), (-7, 2, -4, 1), (Int64.min, 1, Int64.min, 0), (Int64.min, 3, -3_074_457_345_618_258_603, 1),
        ] as [(Int64, Int64, Int64, Int64)])
    func `divides downwards`(number: Int64, divisor: Int64, quotient: Int64, remainder: Int64) {
        #expect(number.dividedDown(by: divisor) == (quotient, remainder))
    }
}
