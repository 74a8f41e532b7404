package import Domain
internal import Formats

/// The table `rejected_items`: the last 20 of a guild.
package enum RejectedItems {
    /// Rows of a guild, kept by `dashboard.keep_rejections`.
    package static let limit = 20

    /// The newest first.
    package static let list = Query<[RejectedItem]> { access in
        """
        SELECT \(columns) FROM rejected_items r
          LEFT JOIN api_keys k ON k.client_id = r.client_id AND k.id = r.key_id
         WHERE r.client_id = \(access.client) ORDER BY r.id DESC LIMIT \(Int64(limit))
        """
    } value: { rows throws(DatabaseFailure) in
        try columns.all(rows)
    }

    private static let columns = Columns("rejected_items") { row throws(DatabaseFailure) in
        let (isSQL, keyName): (Bool, String?) = (try row("r.key_id IS NULL"), try row("k.name"))
        return try RejectedItem(
            rejectedAt: row("r.rejected_at"), batch: row("r.batch"), place: row("r.place"), field: row("r.field"),
            reason: row("r.reason"), message: row("r.message"), item: row("r.item"),
            sender: isSQL ? .sql : .key(name: keyName))
    }

    /// Deletes those that are older than 30 days, of all guilds.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func deleteOld(_ database: Database) async throws {
        try await database.rowsApart("SELECT dashboard.delete_old_rejections()")
    }
}
