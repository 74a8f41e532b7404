package import Domain
internal import Formats

/// Authentication of signed requests, and their execution: the functions of schema `bot`, which a bot can also call in
/// SQL.
package enum BotAccess {
    package enum KeyState: String, CaseIterable, Sendable, ColumnValue { case active, revoked, ended }

    package struct Key: Sendable {
        package let id: APIKeyID
        package let state: KeyState
        /// The guild of the key; nil for an installation's key, which covers all guilds.
        package let guild: GuildID?
        package let scopes: [APIScope]
        package let sealedSecret: [UInt8]
        /// The client of the requested guild; nil if the guild is not registered.
        package let client: ClientID?
    }

    /// Nil if there is no such key; `guild` is nil for a request about the installation.
    package static func find(
        _ publicID: String, about guild: GuildID?, _ database: Database
    ) async throws(DatabaseFailure) -> Key? {
        let answer = try await database.rows("SELECT \(key) FROM dashboard.look_up_api_key(\(publicID), \(guild))")
        return try key.first(answer)
    }

    private static let key = Columns("api_keys") { row throws(DatabaseFailure) in
        try Key(
            id: row("id"), state: row("state"), guild: row("guild_id"), scopes: row("scopes"),
            sealedSecret: row("secret_ciphertext"), client: row("asked_client"))
    }

    /// Executes a request once: in one transaction with the record of its signature.
    ///
    /// The audit log gets the key and the address (a text that PostgreSQL's `inet` accepts).
    ///
    /// - Throws: `unsigned` if the key has ended or the signature was used before, `invalid` if the function rejects
    ///   the input, `malformed` if PostgreSQL cannot parse the JSON; `DatabaseFailure`.
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

    /// What became of a batch.
    package struct Outcome: Sendable {
        /// JSON.
        package let answer: String
        package let rejected: Int
        /// Why the first of them was rejected.
        package let firstFault: String?
    }

    /// Calls a function that takes a batch.
    package static func batch(_ call: SQL) -> SQL {
        "WITH done AS MATERIALIZED (SELECT \(call) AS answer) SELECT \(outcome) FROM done"
    }

    package static func outcome(in rows: Rows) throws(DatabaseFailure) -> Outcome { try outcome.row(0, of: rows) }

    private static let outcome = Columns("the outcome of a batch") { row throws(DatabaseFailure) in
        try Outcome(
            answer: row("answer::text"), rejected: row("jsonb_array_length(answer -> 'rejected')"),
            firstFault: row("concat_ws(' ', answer #>> '{rejected,0,field}', answer #>> '{rejected,0,message}')"))
    }

    private static func rejection(of error: DatabaseFailure.ServerError) -> (any Error)? {
        switch error.state {
        case "TD001": Rejection.unsigned("The key has ended.")
        case "TD002": Rejection.unsigned("A request with this signature was accepted before. Sign each request anew.")
        // The error texts of schema bot's own checks, written for the bot's developer.
        case "22023": Rejection.invalid([.init("", error.message)])
        // Not JSON. For one of these faults in a single item, dashboard.parse_batch rejects only that item.
        case "22P02", "22P05", "22021", "22003", "54001":
            Rejection.malformed(.init("", "The body is not valid JSON."))
        default: nil
        }
    }
}
