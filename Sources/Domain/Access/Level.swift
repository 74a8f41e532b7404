/// A person's level in a guild; each level includes the ones below it.
package enum Level: String, CaseIterable, Comparable, Sendable {
    /// Reads tracking data.
    case viewer
    /// Reads and writes everything.
    case admin

    /// The rule of who is an admin or viewer by Discord's data: owner, Administrator and Manage Server are admins, and
    /// other members are viewers if the server's setting `memberAccess` is on.
    ///
    /// `dashboard.is_manager` and `dashboard.memberships` apply the same rule, because a session's servers are read in
    /// one statement. `MembershipRuleTests` compares them.
    ///
    /// - Returns: nil if the person may not see the server.
    package static func ofMember(isOwner: Bool, _ permissions: Permissions, memberAccess: Bool) -> Level? {
        if isOwner || permissions.hasAny(of: .administrator, .manageGuild) { return .admin }
        return memberAccess ? .viewer : nil
    }

    package static func < (left: Self, right: Self) -> Bool { left == .viewer && right == .admin }

    package var label: String {
        switch self {
        case .viewer: "Viewer"
        case .admin: "Admin"
        }
    }
}
