/// A person's level in a guild; each level includes the ones below it.
package enum Level: String, CaseIterable, Comparable, Sendable {
    /// Reads tracking data.
    case viewer
    /// Reads and writes everything.
    case admin

    package static func < (left: Self, right: Self) -> Bool { left == .viewer && right == .admin }

    package var label: String {
        switch self {
        case .viewer: "Viewer"
        case .admin: "Admin"
        }
    }
}
