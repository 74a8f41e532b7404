/// All actions that this version writes to the audit log, with their names in the database.
///
/// A new action needs its target, its sentence, and a statement that writes it.
package enum AuditAction: String, CaseIterable, Sendable {
    // Written by functions of the database.
    case guildJoined = "guild.joined"
    case guildRejoined = "guild.rejoined"
    case guildUpdated = "guild.updated"
    case guildLeft = "guild.left"
    case accountsReported = "accounts.reported"
    case postsExpired = "posts.expired"

    case settingsUpdated = "settings.updated"
    case accessGiven = "access.given"
    case accessEnded = "access.ended"
    case apiKeyCreated = "api_key.created"
    case apiKeyRotated = "api_key.rotated"
    case apiKeyRevoked = "api_key.revoked"
    case brandCreated = "brand.created"
    case brandUpdated = "brand.updated"
    case brandDeleted = "brand.deleted"
    case groupCreated = "group.created"
    case groupUpdated = "group.updated"
    case groupDeleted = "group.deleted"
    case accountCreated = "account.created"
    case accountUpdated = "account.updated"
    case accountDeleted = "account.deleted"

    // In the installation's chain only.
    case signInAccepted = "sign_in.accepted"
    case signInRefused = "sign_in.refused"
    case sessionEnded = "session.ended"
    case sessionEndedEverywhere = "session.ended_everywhere"
    case sessionTokenReused = "session.token_reused"
}

/// The kinds of objects in audit entries.
package enum AuditTarget: String, CaseIterable, Sendable {
    case guild, settings, guest, brand, group, account, session, user
    case apiKey = "api_key"
    case signIn = "sign_in"
}

extension AuditAction {
    package var target: AuditTarget {
        switch self {
        case .guildJoined, .guildRejoined, .guildUpdated, .guildLeft, .accountsReported, .postsExpired: .guild
        case .settingsUpdated: .settings
        case .accessGiven, .accessEnded: .guest
        case .apiKeyCreated, .apiKeyRotated, .apiKeyRevoked: .apiKey
        case .brandCreated, .brandUpdated, .brandDeleted: .brand
        case .groupCreated, .groupUpdated, .groupDeleted: .group
        case .accountCreated, .accountUpdated, .accountDeleted: .account
        case .signInAccepted, .sessionEnded, .sessionTokenReused: .session
        case .signInRefused: .signIn
        case .sessionEndedEverywhere: .user
        }
    }
}
