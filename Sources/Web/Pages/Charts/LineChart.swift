internal import Formats

/// A series of values over time as a line, with a gap at each missing value.
struct LineChart: Hashable, Sendable {
    /// A value and its position on the horizontal axis, in the unit of the series.
    struct Sample: Hashable, Sendable {
        let position: Int64
        let value: Int64?

        init(day: CalendarDay, value: Int64?) {
            position = Int64(day.number)
            self.value = value
        }

        init(_ instant: Timestamp, value: Int64?) {
            position = instant.microseconds
            self.value = value
        }
    }

    let axis: ValueAxis
    let frame: ChartFrame
    /// A point for each sample; nil for a missing value.
    let points: [ChartPoint?]

    /// The samples are drawn in the order of their positions.
    init(_ samples: [Sample], frame: ChartFrame, fromZero: Bool = false, steps: Int = 4) {
        let sorted = samples.sorted { $0.position < $1.position }
        let axis = ValueAxis(covering: sorted.compactMap(\.value), fromZero: fromZero, steps: steps)
        let first = Double(sorted.first?.position ?? 0)
        let span = Double(sorted.last?.position ?? 0) - first
        points = sorted.map { sample in
            guard let value = sample.value else { return nil }
            // A single position is centered.
            let share = span > 0 ? (Double(sample.position) - first) / span : 0.5
            return ChartPoint(x: frame.x(share), y: frame.y(axis.share(of: value)))
        }
        self.axis = axis
        self.frame = frame
    }

    var line: SVGPath {
        var path = SVGPath()
        for run in runs {
            path.move(to: run[0])
            for point in run.dropFirst() { path.line(to: point) }
            if run.count == 1 { path.dot() }
        }
        return path
    }

    /// The area between the line and the bottom.
    var area: SVGPath {
        var path = SVGPath()
        for run in runs where run.count > 1 {
            path.move(to: ChartPoint(x: run[0].x, y: frame.floor))
            for point in run { path.line(to: point) }
            path.line(to: ChartPoint(x: run[run.count - 1].x, y: frame.floor))
            path.close()
        }
        return path
    }

    /// The runs of points between gaps; none is empty.
    private var runs: [[ChartPoint]] {
        points.split(separator: nil).map { $0.compactMap(\.self) }
    }
}
