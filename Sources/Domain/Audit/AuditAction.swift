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

extension AuditSentence {
    /// The part of the sentence after its subject.
    mutating func tell(_ action: AuditAction, _ event: AuditEvent) {
        switch action {
        case .guildJoined: joined(event)
        case .guildRejoined: words(event.actor == .bot ? " came back to the server" : " registered the server again")
        case .guildUpdated: foundServer(event)
        case .guildLeft: words(" left the server")
        case .accountsReported: reported("accounts", event)
        case .postsExpired: expired(event)
        case .settingsUpdated: settings(event.changes)
        case .accessGiven: gaveAccess(event)
        case .accessEnded: endedAccess(event)
        case .apiKeyCreated: key(event, " made the API key ")
        case .apiKeyRotated: rotatedKey(event)
        case .apiKeyRevoked: key(event, " revoked the API key ")
        case .brandCreated: added("brand", event)
        case .brandUpdated: changed("brand", event)
        case .brandDeleted: deleted("brand", event)
        case .groupCreated: added("group", event)
        case .groupUpdated: changed("group", event)
        case .groupDeleted: deleted("group", event)
        case .accountCreated: added("account", event)
        case .accountUpdated: changed("account", event)
        case .accountDeleted: deleted("account", event)
        // No page shows the installation's chain.
        case .signInAccepted, .signInRefused, .sessionEnded, .sessionEndedEverywhere, .sessionTokenReused:
            unknown(event)
        }
    }
}
