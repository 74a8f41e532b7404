package import Domain
internal import Formats

/// Deletes a brand, group or account; with consent also its contents.
package enum Deletion {
    package enum Target: Sendable, Equatable {
        case brand(BrandID)
        case group(AccountGroupID)
        case account(ClientAccountID)
    }

    /// The contents that would be deleted.
    package struct Contents: Sendable, Equatable {
        /// A name, or a handle without `@`.
        package let name: String
        /// Only for an account.
        package let platform: Platform?
        package let groups: Int
        package let accounts: Int
        package let posts: Int
        package let version: Int64

        package var obstacles: [Rejection.Obstacle] {
            [("groups", groups), ("accounts", accounts), ("posts", posts)].filter { $0.1 > 0 }
                .map { Rejection.Obstacle($0.0, $0.1) }
        }
    }

    /// The consent to delete the contents.
    package enum Consent: Sendable, Equatable {
        /// Deletes only an empty object.
        case toNothingElse
        case toEverything
        /// Deletes everything if this is the object's name.
        case byTyping(String)
    }

    /// - Returns: nil if the tenant has no such object.
    package static func contents(of target: Target) -> Query<Contents?> {
        Query { access in
            contents(target, access)
        } value: { rows throws(DatabaseFailure) in
            try contents.first(rows)
        }
    }

    /// Deletes the object in one transaction, with one audit entry that counts its contents.
    ///
    /// - Throws: `notFound`, `outdated`, `inTheWay` without consent, `invalid` if the typed name differs;
    ///   `DatabaseFailure`.
    package static func delete(
        _ target: Target, _ versions: Versions = .all, _ consent: Consent, from origin: AuditOrigin,
        in access: GuildAccess, _ database: Database
    ) async throws {
        // Retry after a deadlock. A writer of a post holds a weak lock on its account and then requests a stronger one
        // to count it; a deletion between the two can deadlock with it.
        for _ in 0..<3 {
            do {
                return try await attempt(target, versions, consent, from: origin, in: access, database)
            } catch let failure as DatabaseFailure where failure.isDeadlock {
                continue
            }
        }
        try await attempt(target, versions, consent, from: origin, in: access, database)
    }

    private static func attempt(
        _ target: Target, _ versions: Versions, _ consent: Consent, from origin: AuditOrigin, in access: GuildAccess,
        _ database: Database
    ) async throws {
        try await database.transaction(for: access.client) { transaction in
            // Locks from the top down, in the order of inserts and moves; while locked, nothing can be added.
            try await transaction.rows(locks(target, access))
            guard let found = try contents.first(try await transaction.rows(contents(target, access))) else {
                throw Rejection.notFound
            }
            try versions.require(found.version)
            try consent.check(found)
            let gone = try await transaction.rows(statements(target, access)).map(\.changed)
            try await transaction.rows(entry(target, found, gone, origin, access))
        }
    }

    static let contents = Columns("target") { row throws(DatabaseFailure) in
        try Contents(
            name: row("name"), platform: row("platform"), groups: row("groups"), accounts: row("accounts"),
            posts: row("posts"), version: row("version"))
    }

    /// The statement that writes the audit entry.
    ///
    /// `gone`: the numbers of deleted posts, accounts and groups, as far as the target can contain them, and last the
    /// target itself.
    private static func entry(
        _ target: Target, _ found: Contents, _ gone: [Int], _ origin: AuditOrigin, _ access: GuildAccess
    ) -> SQL {
        let inside = Array(gone.dropLast()) + [0, 0]
        let (action, id, own) = target.deletion(found)
        let before: SQL = """
            jsonb_build_object(\(own), 'posts', nullif(\(inside[0]), 0), 'accounts', nullif(\(inside[1]), 0),
                               'groups', nullif(\(inside[2]), 0))
            """
        let changes = AuditChanges.between(before, AuditChanges.nothing)
        return "SELECT \(origin.entry(action, "\(id)", changes, in: access))"
    }
}

extension Deletion.Consent {
    fileprivate func check(_ found: Deletion.Contents) throws(Rejection) {
        guard !found.obstacles.isEmpty else { return }
        switch self {
        case .toEverything: return
        case .toNothingElse: throw .inTheWay(found.obstacles)
        case .byTyping(let name):
            // Compares characters, not bytes, because keyboards encode accented letters differently. Names have no
            // white space at their ends.
            let typed = String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            // Pages show the `@` before a handle.
            let isHandle = found.platform != nil && typed == "@\(found.name)"
            guard typed == found.name || isHandle else {
                throw .invalid([.init("/confirm", "is not the name of what is to be deleted.")])
            }
        }
    }
}
