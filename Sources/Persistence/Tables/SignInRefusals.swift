internal import Domain

/// Rejected sign-ins in the installation's audit log.
///
/// The person is not recorded, because the page promises that no data of the Discord account is stored.
package enum SignInRefusals {
    package enum Reason: String, CaseIterable, Sendable {
        case unverifiedEmail = "unverified_email"
        case missingScopes = "missing_scopes"
    }

    package static func note(
        _ reason: Reason, from origin: AuditOrigin, _ database: Database
    ) async throws(DatabaseFailure) {
        try await database.rows(
            """
            SELECT dashboard.append_audit(0, 'system', NULL, \(AuditAction.signInRefused.words), NULL,
                                          jsonb_build_object('reason', \(reason.rawValue)), \(origin.source),
                                          \(origin.address)::inet)
            """)
    }
}
