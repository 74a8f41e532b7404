internal import Domain
internal import Persistence
internal import Synchronization

/// Whether this process can do its work, as it last found out.
final class ServiceReadiness: Sendable {
    struct Part: Sendable {
        let name: StaticString
        let isGood: Bool
        let text: StaticString
    }

    private let last = Mutex<(parts: [Part], at: ContinuousClock.Instant)?>(nil)

    /// Everybody may ask, so the database is asked once a second at most.
    func parts(_ call: Call) async -> [Part] {
        let now = call.world.steadyNow()
        if let last = last.withLock(\.self), last.at.duration(to: now) < .seconds(1) { return last.parts }
        let parts = await Self.examine(call.database)
        last.withLock { $0 = (parts, call.world.steadyNow()) }
        return parts
    }

    private static func examine(_ database: Database) async -> [Part] {
        do {
            let state = try await SchemaState.read(database)
            return [Part(name: "database", isGood: true, text: "reachable"), migrations(state), role(state)]
        } catch .unavailable {
            return [Part(name: "database", isGood: false, text: "cannot be reached")]
        } catch {
            return [
                Part(name: "database", isGood: true, text: "reachable"),
                Part(name: "migrations", isGood: false, text: "no list of them can be read"),
            ]
        }
    }

    private static func migrations(_ state: SchemaState) -> Part {
        if state.missing > 0 {
            return Part(name: "migrations", isGood: false, text: "some are missing: run dashboard migrate")
        }
        let text: StaticString =
            state.unknown > 0
            ? "complete, and a newer version has applied more: update this process" : "complete"
        return Part(name: "migrations", isGood: true, text: text)
    }

    private static func role(_ state: SchemaState) -> Part {
        Part(
            name: "role", isGood: true,
            text: state.hasOwnRole
                ? "works as dashboard_app"
                : "works as the database's login, which may not have a role of its own")
    }
}
