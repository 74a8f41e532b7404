internal import Formats

/// The size of a chart and the margins for its labels, in the units of the drawing.
struct ChartFrame: Hashable, Sendable {
    let width, height: Double
    let left, right, top, bottom: Double

    init(
        width: Double, height: Double, left: Double = 0, right: Double = 0, top: Double = 0, bottom: Double = 0
    ) {
        self.width = width
        self.height = height
        self.left = left
        self.right = right
        self.top = top
        self.bottom = bottom
    }

    var plotWidth: Double { max(0, width - left - right) }
    var plotHeight: Double { max(0, height - top - bottom) }
    /// The y of the lowest value; y grows downwards.
    var floor: Double { top + plotHeight }

    /// The x of a share of the width, 0 at the left.
    func x(_ share: Double) -> Double { left + share * plotWidth }

    /// The y of a share of the height, 0 at the bottom.
    func y(_ share: Double) -> Double { floor - share * plotHeight }
}

/// A point of a drawing.
struct ChartPoint: Hashable, Sendable {
    let x, y: Double

    init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}
