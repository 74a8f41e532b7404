internal import Formats
internal import Glibc

/// The settings that a connection would be made with, and where each comes from.
struct EffectiveSettings {
    private(set) var values: [String: String] = [:]
    /// Of those that the address does not say.
    private var variables: [String: String] = [:]
    /// False where a service is named that no file has.
    let isServiceKnown: Bool

    init(_ text: String, own: [ConnectionOption]) {
        let merged = ConnectionOption.merged(text)
        isServiceKnown = merged != nil
        let said = Dictionary(own.compactMap { option in option.value.map { (option.name, $0) } }) { $1 }
        for option in merged ?? own {
            var value = said[option.name] ?? option.value
            // That is not its own there.
            if option.name == ConnectionOption.obstacle { value = said[option.name] ?? option.environment }
            if merged == nil { value = value ?? option.environment }
            values[option.name] = value
            if said[option.name] == nil, let value, value == option.environment {
                variables[option.name] = option.variable
            }
        }
    }

    func mistake(_ breach: ConnectionRules.Breach) -> ConnectionAddress.Mistake {
        if let variable = variables[breach.setting] { return .init(variable: variable, text: breach.rule) }
        return .init(variable: nil, text: "\(breach.setting) \(breach.rule)")
    }

    /// Where something is said about the sessions themselves, which only the server can judge: libpq's variables, or
    /// nil for the address and its service.
    var judgedByServer: [String?] {
        let own = ["options", "replication"].filter { values[$0]?.isEmpty == false }.map { variables[$0] }
        // libpq sends these without counting them among its settings.
        let names: [String] = ["PGDATESTYLE", "PGTZ", "PGGEQO"]
        return own + names.filter { unsafe getenv($0) != nil }.map(Optional.some)
    }
}
