internal import Formats

/// The number of rows that a statement reads.
///
/// A few fixed numbers in its text, because a parameter would be planned again for each execution.
///
/// One row more than the page shows if another page follows.
package enum PageSize: Int, Sendable, CaseIterable {
    case ten = 10
    case twentyFive = 25
    case fifty = 50
    case hundred = 100

    /// The smallest size for that many rows.
    package init(holding count: Int) { self = Self.allCases.first { $0.rawValue >= count } ?? .hundred }

    var limit: SQL {
        switch self {
        case .ten: "LIMIT 11"
        case .twentyFive: "LIMIT 26"
        case .fifty: "LIMIT 51"
        case .hundred: "LIMIT 101"
        }
    }
}
