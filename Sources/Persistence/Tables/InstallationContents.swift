internal import Formats

/// The row counts and audit heads of a database, to compare a restored one with its backup.
package struct InstallationContents: Sendable, Equatable {
    package struct Table: Sendable, Equatable {
        /// Qualified with its schema.
        package let name: String
        package let rows: Int64

        package init(name: String, rows: Int64) {
            self.name = name
            self.rows = rows
        }
    }

    /// The end of an audit chain.
    package struct Head: Sendable, Equatable {
        package let client: Int64
        package let entries: Int64
        package let hash: [UInt8]

        package init(client: Int64, entries: Int64, hash: [UInt8]) {
            self.client = client
            self.entries = entries
            self.hash = hash
        }
    }

    /// By name; each partition counts separately.
    package let tables: [Table]
    /// By client; 0 is the installation's chain.
    package let heads: [Head]
    /// The newest applied migration.
    package let migration: Int

    package init(tables: [Table], heads: [Head], migration: Int) {
        self.tables = tables
        self.heads = heads
        self.migration = migration
    }

    /// The differences as text; `other` is the present database.
    package func differences(to other: InstallationContents) -> [String] {
        var found: [String] = []
        if migration != other.migration { found.append("migration \(other.migration) instead of \(migration)") }
        let now = Dictionary(other.tables.map { ($0.name, $0.rows) }) { $1 }
        for table in tables where now[table.name] != table.rows {
            found.append("\(table.name) has \(now[table.name] ?? 0) rows instead of \(table.rows)")
        }
        if tables.count != other.tables.count {
            found.append("\(other.tables.count) tables instead of \(tables.count)")
        }
        if heads != other.heads { found.append("the ends of the audit log are others") }
        return found
    }

    // MARK: Reading

    /// Call on the owner's connection, inside the transaction whose snapshot to use.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func read(_ connection: BlockingConnection) throws(DatabaseFailure) -> InstallationContents {
        // A table's name cannot be a parameter, so the database builds the counting statement.
        try connection.script(
            """
            SELECT set_config('app.scope', 'all', true);
            DO $$
            DECLARE
                counts jsonb := '{}';
                found record;
                total bigint;
            BEGIN
                FOR found IN
                    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname IN ('dashboard', 'bot') AND c.relkind = 'r'
                LOOP
                    EXECUTE format('SELECT count(*) FROM %I.%I', found.nspname, found.relname) INTO total;
                    counts := counts || jsonb_build_object(found.nspname || '.' || found.relname, total);
                END LOOP;
                PERFORM set_config('app.row_counts', counts::text, true);
            END $$;
            """)
        let tables = try connection.rows(
            """
            SELECT \(tableColumns) FROM jsonb_each_text(current_setting('app.row_counts')::jsonb)
             ORDER BY key COLLATE "C"
            """)
        let heads = try connection.rows("SELECT \(headColumns) FROM audit_heads ORDER BY client_id")
        let migration = try connection.rows("SELECT coalesce(max(number), 0) FROM schema_migrations")
        return InstallationContents(
            tables: try tableColumns.all(tables), heads: try headColumns.all(heads),
            migration: try migration.only("number", of: "schema_migrations"))
    }

    private static let tableColumns = Columns("tables") { row throws(DatabaseFailure) in
        try Table(name: row("key"), rows: row("value::bigint"))
    }

    private static let headColumns = Columns("audit_heads") { row throws(DatabaseFailure) in
        try Head(client: row("client_id"), entries: row("last_id"), hash: row("last_hash"))
    }
}
