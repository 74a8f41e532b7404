internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// `dashboard client`: registers servers, each as a client of its own.
enum ClientCommand {
    static let usage = """
        usage: dashboard client add ID NAME
               dashboard client list [--json]

        add registers the server with that id of Discord's, as a bot does with bot.guild_joined, and prints its number
        here. A server that is known already is renamed, and counts as joined again. list prints all of them.
        """

    /// - Returns: 0, 1 if the database fails, 64 for a wrong command, 78 for an invalid configuration.
    static func run(_ arguments: [String]) -> Int32 {
        guard let order = Order(arguments) else { return Command.misunderstood(usage) }
        return Command.attempt { configuration in
            let address = configuration.databaseAddress ?? EmbeddedPostgreSQL.address(in: configuration.dataDirectory)
            let settings = ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard client")
            let clients = try Clients(BlockingConnection(settings))
            switch order {
            case .add(let guild, let name): print(try clients.add(guild, name: name))
            case .list(let isJSON): print(isJSON ? json(try clients.list()) : text(try clients.list()))
            }
            return ExitCode.done
        }
    }

    private enum Order {
        case add(GuildID, name: String)
        case list(isJSON: Bool)

        init?(_ arguments: [String]) {
            switch arguments.first {
            case "list" where arguments.dropFirst().isEmpty: self = .list(isJSON: false)
            case "list" where arguments.dropFirst() == ["--json"]: self = .list(isJSON: true)
            case "add" where arguments.count == 3:
                guard let guild = GuildID(arguments[1]), let name = try? TextRule.line(100).clean(arguments[2]) else {
                    return nil
                }
                self = .add(guild, name: name)
            default: return nil
            }
        }
    }

    private static func text(_ clients: [Clients.Entry]) -> String {
        clients.map { client in
            let state = client.leftAt.map { "left \($0)" } ?? "joined \(client.joinedAt)"
            return "\(client.client)  \(client.guild)  \(state)  \(client.accounts) accounts  \(client.name)"
        }.joined(separator: "\n")
    }

    private static func json(_ clients: [Clients.Entry]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.array("items", clients) { json, client in
                json.object { json in
                    json.id("clientId", client.client)
                    json.id("guildId", client.guild)
                    json.string("name", client.name)
                    json.time("joinedAt", client.joinedAt)
                    json.time("leftAt", client.leftAt)
                    json.integer("accounts", client.accounts)
                }
            }
        }
        return String(decoding: json.finish().array, as: UTF8.self)
    }
}
