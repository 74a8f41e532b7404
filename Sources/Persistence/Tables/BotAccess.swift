package import Domain

/// What a signed request is let in by, and what it asks for: the functions of schema `bot`, which a bot may also call by
/// itself.
package enum BotAccess {
    /// A key that works.
    package struct Key: Sendable {
        package let id: APIKeyID
        /// The guild that it is for; nil for the installation's keys, which are for all.
        package let guild: GuildID?
        package let scopes: [APIScope]
        package let sealedSecret: [UInt8]
        /// The client of the guild that the request is about; nil where that is not registered.
        package let client: ClientID?
    }

    /// Nil for a key that does not work; the guild is what the request is about, nil where that is the installation.
    package static func find(
        _ publicID: String, about guild: GuildID?, _ database: Database
    ) async throws(DatabaseFailure) -> Key? {
        let answer = try await database.rows("SELECT \(key) FROM dashboard.find_api_key(\(publicID), \(guild))")
        return try key.first(answer)
    }

    private static let key = Columns("api_keys") { row throws(DatabaseFailure) in
        try Key(
            id: row("id"), guild: row("guild_id"), scopes: row("scopes"), sealedSecret: row("secret_ciphertext"),
            client: row("asked_client"))
    }

    /// Does what a request asks for, once: in one transaction with the record of its signature.
    ///
    /// The key and the address, as text that PostgreSQL's `inet` takes, are in the audit log with what was changed.
    ///
    /// - Throws: `unsigned` for a key that ended or a signature that was used, `invalid` for what the function does not
    ///   take, `malformed` for what is no JSON to PostgreSQL; `DatabaseFailure`.
    package static func run(
        _ call: SQL, with key: APIKeyID, signature: [UInt8], from address: String?, _ database: Database
    ) async throws -> Rows {
        do {
            return try await database.transaction(for: nil) { transaction in
                try await transaction.rows(
                    ["SELECT dashboard.use_api_key(\(key), \(signature), \(address)::inet)", call])[1]
            }
        } catch DatabaseFailure.refused(let error) {
            throw rejection(of: error) ?? DatabaseFailure.refused(error)
        }
    }

    private static func rejection(of error: DatabaseFailure.ServerError) -> (any Error)? {
        switch error.state {
        case "TD001": Rejection.unsigned("The key has ended.")
        case "TD002": Rejection.unsigned("A request with this signature was accepted before. Sign each request anew.")
        // The words of schema bot's own checks, made for whoever writes the bot.
        case "22023": Rejection.invalid([.init("", error.message)])
        // Not JSON, U+0000 in a text, nested too deeply.
        case "22P02", "22P05", "22021", "54001":
            Rejection.malformed(.init("", "The body is not JSON that can be stored."))
        default: nil
        }
    }
}
