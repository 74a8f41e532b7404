internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// `dashboard api-key`: manages the API keys with which bots sign requests.
enum APIKeyCommand {
    static let usage = """
        usage: dashboard api-key create NAME [--guild ID] [--scopes a,b]
               dashboard api-key list [--json]
               dashboard api-key rotate ID [--overlap-hours N]
               dashboard api-key revoke ID

        A key without a server is the installation's: it may write about all servers. Scopes are heartbeat, guilds,
        accounts, posts and queue; a key of one server may have the last three. Without --scopes a key has all it may
        have. A rotated key works on for 24 hours, or as many as --overlap-hours says, up to 168.
        """

    /// - Returns: 0, 1 if the database fails, 64 for a wrong command, 66 for an unknown key or server, 78 for an
    ///   invalid configuration.
    static func run(_ arguments: [String]) -> Int32 {
        guard let order = Order(arguments) else { return Command.misunderstood(usage) }
        return Command.attempt { try carryOut(order, $0) }
    }

    private static func carryOut(_ order: Order, _ configuration: Configuration) throws -> Int32 {
        let address = configuration.databaseAddress ?? EmbeddedPostgreSQL.address(in: configuration.dataDirectory)
        let keys = try InstallationKeys(
            BlockingConnection(ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard api-key")))
        switch order {
        case .list(let isJSON):
            print(isJSON ? json(try keys.list()) : try keys.list().map(line).joined(separator: "\n"))
            return 0
        case .create(let draft, let guild):
            let new = NewAPIKey()
            let vault = try Secrets.vault(configuration)
            guard try keys.create(draft, for: guild, new.credentials(vault)) != nil else {
                return missing("no server \(guild?.description ?? "") is registered")
            }
            show(new)
        case .rotate(let id, let hours):
            let new = NewAPIKey()
            let vault = try Secrets.vault(configuration)
            guard try keys.rotate(id, to: new.credentials(vault), overlapHours: hours) != nil else {
                return missing("there is no key \(id) that works and was not replaced before")
            }
            show(new)
        case .revoke(let id):
            guard try keys.revoke(id) else { return missing("there is no key \(id) that works") }
            print("revoked")
        }
        return 0
    }

    private static func missing(_ what: String) -> Int32 {
        Terminal.complain(what)
        return ExitCode.notThere
    }

    private static func show(_ new: NewAPIKey) {
        print("key     \(new.publicID)\nsecret  \(new.secret.exposed)\n\nThe secret is shown only this once.")
    }

    private static func line(_ entry: InstallationKeys.Entry) -> String {
        let key = entry.key
        return [
            key.id.description, key.publicID, entry.guild.map { "server \($0)" } ?? "installation",
            key.scopes.map(\.rawValue).joined(separator: ","),
            key.lastUsed.map { "used \($0)" } ?? "never used", key.expires.map { "ends \($0)" } ?? "", key.name,
        ].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func json(_ entries: [InstallationKeys.Entry]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.array("items", entries) { json, entry in
                json.object { json in
                    APIKeyJSON.write(entry.key, to: &json)
                    json.id("guildId", entry.guild)
                }
            }
        }
        return String(decoding: json.finish().array, as: UTF8.self)
    }
}

extension APIKeyCommand {
    /// The parsed arguments.
    enum Order {
        case create(APIKeyDraft, GuildID?)
        case list(isJSON: Bool)
        case rotate(APIKeyID, overlapHours: Int64)
        case revoke(APIKeyID)

        init?(_ arguments: [String]) {
            switch (arguments.first, Array(arguments.dropFirst())) {
            case ("list", []): self = .list(isJSON: false)
            case ("list", ["--json"]): self = .list(isJSON: true)
            case ("revoke", let rest) where rest.count == 1:
                guard let id = APIKeyID(rest[0]) else { return nil }
                self = .revoke(id)
            case ("rotate", let rest): self.init(rotate: rest)
            case ("create", let rest): self.init(create: rest)
            default: return nil
            }
        }

        private init?(rotate arguments: [String]) {
            guard let id = arguments.first.flatMap({ APIKeyID($0) }) else { return nil }
            guard arguments.count > 1 else {
                self = .rotate(id, overlapHours: APIKeyJSON.usualOverlap)
                return
            }
            guard arguments.count == 3, arguments[1] == "--overlap-hours", let hours = WholeNumber.parse(arguments[2]),
                APIKeyJSON.overlap.contains(hours)
            else { return nil }
            self = .rotate(id, overlapHours: hours)
        }

        private init?(create arguments: [String]) {
            // A name that looks like an option is probably a misspelt option.
            guard let name = arguments.first, !name.hasPrefix("-"), let clean = try? TextRule.line(100).clean(name)
            else { return nil }
            var (guild, scopes): (GuildID?, [APIScope]?) = (nil, nil)
            var rest = arguments.dropFirst()
            while let option = rest.popFirst() {
                guard let value = rest.popFirst() else { return nil }
                switch option {
                case "--guild":
                    guild = GuildID(value)
                    if guild == nil { return nil }
                case "--scopes":
                    let words = value.split(separator: ",", omittingEmptySubsequences: false)
                    scopes = words.compactMap { APIScope(rawValue: String($0)) }
                    if scopes?.count != words.count { return nil }
                default: return nil
                }
            }
            let possible = guild == nil ? APIScope.allCases : APIScope.ofGuild
            let chosen = Set(scopes ?? possible)
            guard !chosen.isEmpty, chosen.isSubset(of: possible) else { return nil }
            self = .create(APIKeyDraft(name: clean, scopes: chosen.sorted()), guild)
        }
    }
}
