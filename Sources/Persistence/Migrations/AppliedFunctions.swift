internal import Domain

/// The files of functions that a database has, and which version of the program applied each.
struct AppliedFunctions {
    private let files: [String: (checksum: String, version: String)]
    private let version: String

    /// `version` is this program's.
    init(_ rows: Rows, seenBy version: String = Version.current) throws(DatabaseFailure) {
        files = Dictionary(try Self.columns.all(rows).map { ($0.name, ($0.checksum, $0.version)) }) { $1 }
        self.version = version
    }

    private static let columns = Columns("applied_functions") { row throws(DatabaseFailure) in
        (
            name: try row("name", as: String.self), checksum: try row("checksum", as: String.self),
            version: try row("version", as: String.self)
        )
    }

    static let list: SQL = "SELECT \(columns) FROM dashboard.applied_functions"

    /// The files that a start of this version applies.
    ///
    /// A later version's text stays: processes of both versions work with it, since functions keep their signatures.
    func pending(_ known: [FunctionFile]) -> [FunctionFile] {
        known.filter { file in
            guard let applied = files[file.name] else { return true }
            return applied.checksum != file.checksum && !Version.isLater(applied.version, than: version)
        }
    }

    /// Files that are missing, or that an earlier version applied with another text.
    ///
    /// Two builds of one version may differ: neither is behind the other.
    func behind(_ known: [FunctionFile]) -> Int {
        pending(known).count { file in
            guard let applied = files[file.name] else { return true }
            return Version.isLater(version, than: applied.version)
        }
    }

    /// Files that a later version applied, with a text that this version does not have.
    func ahead(_ known: [FunctionFile]) -> Int {
        let checksums = Dictionary(known.map { ($0.name, $0.checksum) }) { $1 }
        return files.count { $1.checksum != checksums[$0] && Version.isLater($1.version, than: version) }
    }
}
