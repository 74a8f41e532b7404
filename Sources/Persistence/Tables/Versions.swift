package import Domain
internal import Formats

/// The versions of an object that a request accepts to change.
package enum Versions: Sendable, Equatable {
    case all
    case only([Int64])

    /// - Throws: `outdated` if `present` is not one of them.
    package func require(_ present: Int64) throws(Rejection) {
        if case .only(let wanted) = self, !wanted.contains(present) { throw .outdated(current: present) }
    }

    /// A condition on a column.
    func condition(_ column: SQL) -> SQL {
        switch self {
        case .all: "true"
        case .only(let wanted): "\(column) = ANY(\(wanted))"
        }
    }
}
