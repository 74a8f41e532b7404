internal import Domain

extension AuditOrigin {
    /// A call that appends an entry about something of the tenant's to its log: a column of the statement that makes
    /// the change.
    func entry(_ action: String, on type: String, _ id: SQL, _ changes: SQL, in access: GuildAccess) -> SQL {
        """
        dashboard.append_audit(\(access.client), 'user', \(access.user), \(action), \(type), (\(id))::text, \(changes),
                               \(source), \(address)::inet)
        """
    }
}

/// What changed between two states of something, both `jsonb` objects, as the audit log keeps it:
/// `{"name": {"from": "Acme", "to": "Acme Ltd"}}`.
///
/// What is missing or null on one side is null there; what is the same on both is left out.
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
    /// What it means where a constraint says what is wrong with the input; itself otherwise.
    func meaning(_ meanings: [String: Rejection]) -> any Error {
        guard let constraint = brokenConstraint, let rejection = meanings[constraint] else { return self }
        return rejection
    }
}

extension Database {
    /// Locks what is to change, and perhaps what it is to be in, before it is changed.
    ///
    /// The lock answers the version that is there; the update leaves others than the wanted ones alone.
    ///
    /// - Throws: `notFound` where there is nothing to lock, `outdated` for another version than those, what the
    ///   constraints mean, `DatabaseFailure`.
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
        guard let version: Int64 = try answers[answers.count - 2].first("version", of: "what is to change") else {
            throw Rejection.notFound
        }
        try versions.require(version)
    }

    /// Runs a statement whose first column is the id of what it made, after a lock on what that is to be in.
    ///
    /// The lock comes first because the foreign key takes it last, when the log is locked already: a deletion, which
    /// takes them the other way around, would wait for this and this for it.
    ///
    /// - Throws: what the constraints mean, `DatabaseFailure`.
    func add<ID: ColumnValue>(
        _ statement: SQL, holding parent: SQL? = nil, _ meanings: [String: Rejection], in access: GuildAccess
    ) async throws -> ID {
        do throws(DatabaseFailure) {
            let answers = try await rows((parent.map { [$0] } ?? []) + [statement], in: access)
            return try answers[answers.count - 1].only("id", of: "what was added")
        } catch {
            throw error.meaning(meanings)
        }
    }
}
