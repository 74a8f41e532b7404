internal import Formats
internal import Glibc

/// The effective settings of a connection, and their origin.
struct EffectiveSettings {
    private(set) var values: [String: String] = [:]
    /// The variables of settings that the address does not set.
    private var variables: [String: String] = [:]
    /// False if no service file has the named service.
    let isServiceKnown: Bool

    init(_ text: String, own: [ConnectionOption]) {
        let merged = ConnectionOption.merged(text)
        isServiceKnown = merged != nil
        let said = Dictionary(own.compactMap { option in option.value.map { (option.name, $0) } }) { $1 }
        for option in merged ?? own {
            var value = said[option.name] ?? option.value
            // Here the value is the one that forces the failure, not the operator's.
            if option.name == ConnectionOption.failingSetting { value = said[option.name] ?? option.environment }
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

    /// The origin of session settings that only the server can check: libpq's variables, or nil for the address and its
    /// service.
    var checkedByServer: [String?] {
        let own = ["options", "replication"].filter { values[$0]?.isEmpty == false }.map { variables[$0] }
        // libpq sends these, but does not list them as settings.
        let names: [String] = ["PGDATESTYLE", "PGTZ", "PGGEQO"]
        return own + names.filter { unsafe getenv($0) != nil }.map(Optional.some)
    }
}
