internal import Formats

/// The room of a chart: its size and the margins in which labels stand, in the units of the drawing.
package struct ChartFrame: Hashable, Sendable {
    package let width, height: Double
    package let left, right, top, bottom: Double

    package init(
        width: Double, height: Double, left: Double = 0, right: Double = 0, top: Double = 0, bottom: Double = 0
    ) {
        self.width = width
        self.height = height
        self.left = left
        self.right = right
        self.top = top
        self.bottom = bottom
    }

    package var plotWidth: Double { max(0, width - left - right) }
    package var plotHeight: Double { max(0, height - top - bottom) }
    /// The y of the lowest value; y grows downwards.
    package var floor: Double { top + plotHeight }

    /// From a share of the width, 0 at the left.
    func x(_ share: Double) -> Double { left + share * plotWidth }

    /// From a share of the height, 0 at the bottom.
    func y(_ share: Double) -> Double { floor - share * plotHeight }
}

/// A place in a drawing.
package struct ChartPoint: Hashable, Sendable {
    package let x, y: Double

    package init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}
