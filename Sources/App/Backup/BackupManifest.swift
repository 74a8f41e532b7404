internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// The description of a backup.
///
/// A restore uses it to check if it may begin, and if it has succeeded.
struct BackupManifest: Equatable {
    /// Version of the program that wrote it.
    let version: String
    let createdAt: Timestamp
    /// PostgreSQL's major version: the newer one of server and `pg_dump`.
    let postgreSQL: Int
    /// The role that owns everything.
    let owner: String
    /// SHA-256 of the output of `pg_dump`.
    let digest: [UInt8]
    let contents: InstallationContents

    var json: [UInt8] {
        var json = JSONWriter(capacity: 65_536)
        json.object { write(to: &$0) }
        return json.finish().array
    }

    func write(to json: inout JSONWriter) {
        json.string("version", version)
        json.integer("createdAtMicroseconds", createdAt.microseconds)
        json.integer("postgreSQL", postgreSQL)
        json.string("owner", owner)
        json.string("sha256", Hex.encode(digest))
        json.integer("migration", contents.migration)
        json.array("tables", contents.tables) { json, table in
            json.object { json in
                json.string("name", table.name)
                json.integer("rows", table.rows)
            }
        }
        json.array("auditHeads", contents.heads) { json, head in
            json.object { json in
                json.integer("client", head.client)
                json.integer("entries", head.entries)
                json.string("hash", Hex.encode(head.hash))
            }
        }
    }
}

extension BackupManifest {
    /// Nil unless `json` wrote it.
    init?(json bytes: [UInt8]) {
        guard let json = try? JSONParser.parse(bytes),
            let version = json["version"]?.string, let micros = json["createdAtMicroseconds"]?.int64,
            let postgreSQL = json["postgreSQL"]?.int64, let owner = json["owner"]?.string,
            let digest = json["sha256"]?.string.flatMap({ Hex.decode($0) }),
            let migration = json["migration"]?.int64,
            let tables = json["tables"]?.array, let heads = json["auditHeads"]?.array
        else { return nil }
        self.version = version
        createdAt = Timestamp(microseconds: micros)
        self.postgreSQL = Int(postgreSQL)
        self.owner = owner
        self.digest = digest
        contents = InstallationContents(
            tables: tables.compactMap(Self.table), heads: heads.compactMap(Self.head), migration: Int(migration))
        guard contents.tables.count == tables.count, contents.heads.count == heads.count else { return nil }
    }

    private static func table(_ json: JSONValue) -> InstallationContents.Table? {
        guard let name = json["name"]?.string, let rows = json["rows"]?.int64 else { return nil }
        return InstallationContents.Table(name: name, rows: rows)
    }

    private static func head(_ json: JSONValue) -> InstallationContents.Head? {
        guard let client = json["client"]?.int64, let entries = json["entries"]?.int64,
            let hash = json["hash"]?.string.flatMap({ Hex.decode($0) })
        else { return nil }
        return InstallationContents.Head(client: client, entries: entries, hash: hash)
    }
}
