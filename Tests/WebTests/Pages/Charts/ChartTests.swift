import Domain
import Formats
import Testing
import Times

@testable import Web

@Suite struct `Charts` {
    let frame = ChartFrame(width: 120, height: 60, left: 10, right: 10, top: 5, bottom: 5)

    private func chart(_ values: [Int64?], fromZero: Bool = true) throws -> LineChart {
        let first = try day("2026-08-01")
        let samples = values.enumerated().map { LineChart.Sample(day: first.adding(days: $0), value: $1) }
        return LineChart(samples, frame: frame, fromZero: fromZero)
    }

    @Test func `draw a line from left to right and from bottom to top`() throws {
        let chart = try chart([0, 50, 100])
        #expect(chart.line.description == "M10 55L60 30L110 5")
        #expect(chart.area.description == "M10 55L10 55L60 30L110 5L110 55Z")
    }

    @Test func `leave a gap if a value is missing`() throws {
        let chart = try chart([nil, 100, nil, 0, 50, nil])
        #expect(chart.line.description == "M30 5h0M70 55L90 30")
        #expect(chart.points.map { $0 == nil } == [true, false, true, false, false, true])
    }

    @Test(arguments: [[], [nil], [nil, nil]] as [[Int64?]])
    func `of nothing draw nothing`(values: [Int64?]) throws {
        #expect(try chart(values).line.isEmpty)
        #expect(try chart(values).area.isEmpty)
    }

    @Test func `of one value draw a dot in the middle`() throws {
        #expect(try chart([7]).line.description == "M60 11.25h0")
    }

    @Test func `sort samples and keep their distances`() {
        let samples = [100, 0, 25].map { LineChart.Sample(Timestamp(seconds: $0), value: 1) }
        #expect(LineChart(samples, frame: frame).points.compactMap(\.self).map(\.x) == [10, 35, 110])
    }

    @Test func `of any range do not stop the program`() throws {
        let samples = [Int64.min, .max].map { LineChart.Sample(Timestamp(microseconds: $0), value: $0) }
        #expect(LineChart(samples, frame: frame).line.description == "M10 55L110 5")
    }

    @Test(
        arguments: [
            (12, "12"), (12.5, "12.5"), (-0.254, "-0.25"), (0.05, "0.05"), (-0.001, "0"), (.nan, "0"), (.infinity, "0"),
            (1e-9, "0"), (1e6, "1000000"),
        ] as [(Double, String)])
    func `write numbers short and without an exponent`(number: Double, text: String) {
        #expect(SVGPath.text(number) == text)
    }

    @Test func `have a bar for each day`() throws {
        let bars = DayBars(from: try day("2026-08-01"), values: [0, 100, nil, 1, -4], frame: frame)
        #expect(bars.bars.map(\.day.iso8601).last == "2026-08-05")
        #expect(bars.bars.map(\.height) == [0, 50, 0, 1, 0])
        #expect(bars.bars.map(\.y) == [55, 5, 55, 54, 55])
        #expect(bars.bars.map(\.x) == [12, 32, 52, 72, 92])
        #expect(bars.bars.allSatisfy { $0.width == 16 })
        #expect(bars.axis.ticks == [0, 50, 100])
        #expect(DayBars(from: try day("2026-08-01"), values: [], frame: frame).bars.isEmpty)
    }
}
