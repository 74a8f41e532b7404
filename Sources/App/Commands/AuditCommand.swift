internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// `dashboard audit`: verifies the hash chain of the audit log.
enum AuditCommand {
    static let usage = """
        usage: dashboard audit verify [--guild ID] [--json]

        Reads every chain of the audit log, or that of one server, and says for each whether it is as it was written:
        which entries were changed, deleted, inserted, reordered, or cut off at the end, and whether the
        beginning is gone. The exit code is 0 when all chains are whole, 1 when one is broken or the log could not be
        read, 64 for a wrong command, and 66 for a server that is not registered.

        Whoever can write as the owner of the database can write a whole chain anew. Keep the last hashes elsewhere:
        a chain that was written anew has another one.
        """

    /// - Returns: 0, 1, 64 or 66; 78 for an invalid configuration.
    static func run(_ arguments: [String]) -> Int32 {
        guard let order = Order(arguments) else { return Command.misunderstood(usage) }
        return Command.attempt { try verify(order, $0) }
    }

    private struct Order {
        var guild: GuildID?
        var isJSON = false

        init?(_ arguments: [String]) {
            guard arguments.first == "verify" else { return nil }
            var rest = arguments.dropFirst()
            while let option = rest.popFirst() {
                switch option {
                case "--json" where !isJSON: isJSON = true
                case "--guild" where guild == nil:
                    guild = rest.popFirst().flatMap { GuildID($0) }
                    if guild == nil { return nil }
                default: return nil
                }
            }
        }
    }

    private static func verify(_ order: Order, _ configuration: Configuration) throws -> Int32 {
        let address = configuration.databaseAddress ?? EmbeddedPostgreSQL.address(in: configuration.dataDirectory)
        let chains = try AuditChains(
            BlockingConnection(ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard audit")))
        let names = try chains.names().filter { order.guild == nil || $0.guild == order.guild }
        guard !names.isEmpty else {
            Terminal.complain("no server \(order.guild?.description ?? "") is registered")
            return ExitCode.notThere
        }
        let reports = try names.map { try AuditReport($0, chains) }
        print(order.isJSON ? AuditReport.json(reports) : AuditReport.text(reports))
        return reports.allSatisfy(\.isSound) ? 0 : 1
    }
}
