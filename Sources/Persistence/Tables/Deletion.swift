package import Domain

/// The end of a brand, group or account, with all that is in it where somebody said so.
package enum Deletion {
    package enum Target: Sendable, Equatable {
        case brand(BrandID)
        case group(AccountGroupID)
        case account(ClientAccountID)
    }

    /// What would be lost.
    package struct Contents: Sendable, Equatable {
        /// A name, or a handle without `@`.
        package let name: String
        /// Of an account.
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

    /// What else may go.
    package enum Consent: Sendable, Equatable {
        /// Nothing: only what is empty is deleted.
        case toNothingElse
        case toEverything
        /// Everything, if this is the name.
        case byTyping(String)
    }

    /// - Returns: nil where the tenant has no such thing.
    package static func contents(of target: Target) -> Query<Contents?> {
        Query { access in
            contents(target, access)
        } value: { rows throws(DatabaseFailure) in
            try contents.first(rows)
        }
    }

    /// Deletes it in one transaction, with one entry in the audit log that says what else went.
    ///
    /// - Throws: `notFound`, `outdated`, `inTheWay` without consent, `invalid` for another name than its own;
    ///   `DatabaseFailure`.
    package static func delete(
        _ target: Target, _ versions: Versions = .all, _ consent: Consent, from origin: AuditOrigin,
        in access: GuildAccess, _ database: Database
    ) async throws {
        // Whoever writes a post has a weak lock on its account and then asks for a stronger one to count it. A deletion
        // that comes between the two waits for the first as the second waits for it.
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
            // From the top down, as those do who add or move something: with the locks nothing can come in any more.
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

    /// The statement that logs it.
    ///
    /// `gone` is how many posts, accounts and groups were deleted, as far as each can be in the target, and at last the
    /// target itself.
    private static func entry(
        _ target: Target, _ found: Contents, _ gone: [Int], _ origin: AuditOrigin, _ access: GuildAccess
    ) -> SQL {
        let inside = Array(gone.dropLast()) + [0, 0]
        let (kind, id, own) = target.identity(found)
        let before: SQL = """
            jsonb_build_object(\(own), 'posts', nullif(\(inside[0]), 0), 'accounts', nullif(\(inside[1]), 0),
                               'groups', nullif(\(inside[2]), 0))
            """
        let changes = AuditChanges.between(before, AuditChanges.nothing)
        return "SELECT \(origin.entry("\(kind).deleted", on: kind, "\(id)", changes, in: access))"
    }
}

extension Deletion.Consent {
    fileprivate func check(_ found: Deletion.Contents) throws(Rejection) {
        guard !found.obstacles.isEmpty else { return }
        switch self {
        case .toEverything: return
        case .toNothingElse: throw .inTheWay(found.obstacles)
        case .byTyping(let name):
            // By characters, not bytes: a keyboard writes an accented letter in its own way. White space at the ends
            // is no part of any name.
            let typed = String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            // Pages write the `@` before a handle.
            let isHandle = found.platform != nil && typed == "@\(found.name)"
            guard typed == found.name || isHandle else {
                throw .invalid([.init("/confirm", "is not the name of what is to be deleted.")])
            }
        }
    }
}
