internal import Formats

/// A bar for each day, for example for usage and uptime.
struct DayBars: Hashable, Sendable {
    struct Bar: Hashable, Sendable {
        let day: CalendarDay
        /// Nil for days without data; such a bar has no height.
        let value: Int64?
        let x, y, width, height: Double
    }

    let axis: ValueAxis
    let bars: [Bar]

    /// The values start with the first day; a bar takes the given share of its day's width.
    ///
    /// A value above zero is at least one unit high, so that it is visible.
    init(
        from first: CalendarDay, values: [Int64?], frame: ChartFrame, barShare: Double = 0.8, steps: Int = 4
    ) {
        let axis = ValueAxis(covering: values.lazy.compactMap(\.self).map { max(0, $0) }, steps: steps)
        let dayWidth = frame.plotWidth / Double(max(1, values.count))
        let width = dayWidth * min(max(barShare, 0), 1)
        self.axis = axis
        bars = values.enumerated().map { index, value in
            let share = axis.share(of: max(0, value ?? 0))
            let height = share > 0 ? min(max(share * frame.plotHeight, 1), frame.plotHeight) : 0
            let x = frame.left + (Double(index) + 0.5) * dayWidth - width / 2
            return Bar(
                day: first.adding(days: index), value: value, x: x, y: frame.floor - height, width: width,
                height: height)
        }
    }
}
