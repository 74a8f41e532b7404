package import Persistence

/// Writes heartbeats of a bot through `bot.heartbeat`, the only thing it may do in the database.
package struct Beacon {
    private let settings: ConnectionSettings
    private var connection: BlockingConnection?

    /// - Parameter address: the database, as a role that may call `bot.heartbeat`.
    package init(address: String) {
        settings = ConnectionSettings(address: address, role: .login, name: "health-beacon")
    }

    /// Writes one heartbeat, over a new connection if the last one was lost.
    ///
    /// - Throws: `DatabaseFailure`: `unavailable` passes, `refused` means that the values or the rights are wrong.
    package mutating func send(_ heartbeat: Heartbeat) throws(DatabaseFailure) {
        let open: BlockingConnection
        if let connection { open = connection } else { open = try BlockingConnection(settings) }
        // Kept only where it worked: a lost connection is made anew the next time.
        connection = nil
        try BotFunctions.heartbeat(heartbeat, open)
        connection = open
    }
}
