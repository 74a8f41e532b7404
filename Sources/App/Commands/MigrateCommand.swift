internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// `dashboard migrate`: migrates the schema without starting the service.
enum MigrateCommand {
    static let usage = """
        usage: dashboard migrate [--dry-run] [--json]

        Applies the migrations that the database of DATABASE_URL does not have yet, each in a transaction, and with the last
        one the files of functions that it lacks or has with another text. With --dry-run only lists them. The exit code
        is 1 when one fails, then it is undone and those before it stay; when a migration that was applied reads
        differently in this version; and when the database is newer than this version.
        It is 75 when another session holds a lock for 30 seconds.
        """

    /// - Returns: 0, 1 if it fails, 64 for a wrong command, 78 for an invalid configuration.
    static func run(_ arguments: [String]) -> Int32 {
        guard Set(arguments).count == arguments.count, Set(arguments).isSubset(of: ["--dry-run", "--json"]) else {
            return Command.misunderstood(usage)
        }
        return Command.attempt { configuration in
            guard let address = configuration.databaseAddress else {
                Terminal.complain("DATABASE_URL is not set; the embedded database is migrated by `dashboard serve`")
                return ExitCode.wrongConfiguration
            }
            let connection = try BlockingConnection(
                ConnectionSettings(address: address, role: .login, name: "tracking-dashboard migrate"))
            let migrator = Migrator(connection)
            let isDryRun = arguments.contains("--dry-run")
            let changes = isDryRun ? try migrator.pending() : try migrator.run(onWait: waiting)
            print(arguments.contains("--json") ? json(changes, isDryRun) : text(changes, isDryRun))
            return ExitCode.done
        }
    }

    private static func waiting(for holders: String) {
        Terminal.complain("waiting for a lock held by another session (\(holders))")
    }

    private static func text(_ changes: SchemaChanges, _ isDryRun: Bool) -> String {
        if changes.isEmpty { return "the schema is up to date" }
        let names =
            changes.migrations.map { "\($0.number) \($0.name)" } + changes.functions.map { "functions/\($0.name).sql" }
        return names.map { "\(isDryRun ? "pending" : "applied") \($0)" }.joined(separator: "\n")
    }

    private static func json(_ changes: SchemaChanges, _ isDryRun: Bool) -> String {
        var json = JSONWriter()
        json.object { json in
            json.boolean("dryRun", isDryRun)
            json.array("migrations", changes.migrations) { json, migration in
                json.object { json in
                    json.integer("number", migration.number)
                    json.string("name", migration.name)
                }
            }
            json.array("functions", changes.functions) { json, file in
                json.object { json in json.string("name", file.name) }
            }
        }
        return String(decoding: json.finish().array, as: UTF8.self)
    }
}
