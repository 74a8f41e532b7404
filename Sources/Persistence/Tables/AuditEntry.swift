internal import Domain
internal import Formats

extension AuditOrigin {
    /// A call that appends an audit entry about an object of the tenant.
    ///
    /// It is a column of the statement that makes the change.
    func entry(_ action: AuditAction, _ id: SQL, _ changes: SQL, in access: GuildAccess) -> SQL {
        """
        dashboard.append_audit(\(access.client), 'user', \(access.user), \(action.words), (\(id))::text, \(changes),
                               \(source), \(address)::inet)
        """
    }
}

extension AuditAction: SQLConvertible {}
extension AuditTarget: SQLConvertible {}

extension AuditAction {
    /// The arguments `action` and `target_type` of `append_audit`.
    var words: SQL { "\(self), \(target)" }
}

/// The differences between two states of an object, both `jsonb` objects, in the format of the audit log: `{"name":
/// {"from": "Acme", "to": "Acme Ltd"}}`.
///
/// A field that is missing or null on one side is null there; equal fields are left out.
enum AuditChanges {
    static let nothing: SQL = "'{}'::jsonb"

    static func between(_ before: SQL, _ after: SQL) -> SQL {
        """
        (SELECT coalesce(jsonb_object_agg(name, jsonb_build_object('from', old.value, 'to', new.value)), '{}')
           FROM jsonb_each(jsonb_strip_nulls(\(before))) old (name, value)
           FULL JOIN jsonb_each(jsonb_strip_nulls(\(after))) new (name, value) USING (name)
          WHERE old.value IS DISTINCT FROM new.value)
        """
    }
}

extension DatabaseFailure {
    /// The rejection for a violated constraint; otherwise the failure itself.
    func meaning(_ meanings: [String: Rejection]) -> any Error {
        guard let constraint = brokenConstraint, let rejection = meanings[constraint] else { return self }
        return rejection
    }
}

extension Database {
    /// Locks the row to change, and optionally its parent, before the update.
    ///
    /// The lock returns the present version; the update affects only the wanted versions.
    ///
    /// - Throws: `notFound` if there is no row to lock, `outdated` for another version, the rejections of the
    ///   constraints, `DatabaseFailure`.
    func change(
        _ lock: SQL, holding parent: SQL? = nil, _ update: SQL, from versions: Versions,
        _ meanings: [String: Rejection],
        in access: GuildAccess
    ) async throws {
        let answers: [Rows]
        do throws(DatabaseFailure) {
            answers = try await rows((parent.map { [$0] } ?? []) + [lock, update], in: access)
        } catch {
            throw error.meaning(meanings)
        }
        guard let version: Int64 = try answers[answers.count - 2].first("version", of: "the row to change") else {
            throw Rejection.notFound
        }
        try versions.require(version)
    }

    /// Runs an INSERT that returns the new id, after locking the parent row.
    ///
    /// Lock the parent row first. The foreign-key check would lock it after the audit log; deletions lock in the
    /// opposite order, so the two could deadlock.
    ///
    /// - Throws: the rejections of the constraints, `DatabaseFailure`.
    func add<ID: ColumnValue>(
        _ statement: SQL, holding parent: SQL? = nil, _ meanings: [String: Rejection], in access: GuildAccess
    ) async throws -> ID {
        do throws(DatabaseFailure) {
            let answers = try await rows((parent.map { [$0] } ?? []) + [statement], in: access)
            return try answers[answers.count - 1].only("id", of: "the added row")
        } catch {
            throw error.meaning(meanings)
        }
    }
}
