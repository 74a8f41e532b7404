internal import Persistence
internal import Web

/// `dashboard migrate`: the schema only, without the service.
enum MigrateCommand {
    static func run(isDryRun: Bool) -> Int32 {
        do {
            let configuration = try Configuration.read()
            guard let address = configuration.databaseAddress else {
                Terminal.complain("DATABASE_URL is not set; the embedded database is migrated by `dashboard serve`")
                return 78
            }
            let connection = try BlockingConnection(
                ConnectionSettings(address: address, role: .login, name: "tracking-dashboard migrate"))
            let migrator = Migrator(connection)
            let list = isDryRun ? try migrator.pending() : try migrator.run()
            for migration in list { print("\(isDryRun ? "pending" : "applied") \(migration.number) \(migration.name)") }
            if list.isEmpty { print("the schema is up to date") }
            return 0
        } catch let mistakes as Configuration.Mistakes {
            Terminal.complain("the configuration is not right:\n\(mistakes)")
            return 78
        } catch {
            Terminal.complain("\(error)")
            return 1
        }
    }
}
