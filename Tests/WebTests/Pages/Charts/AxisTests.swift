import Domain
import Formats
import Testing

@testable import Web

@Suite struct `Axes` {
    @Test(
        arguments: [
            ([], [0, 1]), ([0], [0, 1]), ([1], [0, 1]), ([3], [0, 1, 2, 3]), ([7], [0, 2, 4, 6, 8]),
            ([100], [0, 50, 100]), ([80, 100], [0, 50, 100]),
            ([93], [0, 50, 100]), ([79], [0, 20, 40, 60, 80]), ([1_234_567], [0, 500_000, 1_000_000, 1_500_000]),
            ([-5, 5], [-5, 0, 5]), ([-7], [-8, -6, -4, -2, 0]),
        ] as [([Int64], [Int64])])
    func `over values have round ticks from zero`(values: [Int64], ticks: [Int64]) {
        #expect(ValueAxis(covering: values).ticks == ticks)
    }

    @Test(
        arguments: [
            ([1_000, 1_007], [1_000, 1_002, 1_004, 1_006, 1_008]), ([500, 500], [500, 501]),
            ([-13, -2], [-15, -10, -5, 0]),
        ] as [([Int64], [Int64])])
    func `over values can start near the smallest`(values: [Int64], ticks: [Int64]) {
        #expect(ValueAxis(covering: values, fromZero: false).ticks == ticks)
    }

    @Test(arguments: [[Int64.max], [.min], [.min, .max], [.max, .max]])
    func `over values of any size do not stop the program`(values: [Int64]) {
        for fromZero in [true, false] {
            let axis = ValueAxis(covering: values, fromZero: fromZero)
            #expect((2...7).contains(axis.ticks.count))
            #expect(values.allSatisfy { (0...1).contains(axis.share(of: $0)) })
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 9, 10])
    func `cover every value with about as many steps as wished`(steps: Int) {
        for value in stride(from: Int64(1), to: 100_000, by: 37) {
            let axis = ValueAxis(covering: [value], steps: steps)
            #expect(axis.low == 0 && axis.high >= value)
            #expect(axis.ticks.count - 1 <= steps)
        }
    }
}
