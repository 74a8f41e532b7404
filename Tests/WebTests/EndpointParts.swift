import Domain

@testable import Web
@testable import Formats
@testable import HTTP

extension Endpoint {
    /// The path with the guild and those ids, and ones for everything else.
    func path(in guild: GuildID, _ ids: [String: String] = [:]) -> String {
        "/"
            + pieces.map { piece in
                switch piece {
                case .fixed(let word): word
                case .parameter("guildId"): guild.description
                case .parameter(let name): ids[name] ?? "1"
                }
            }.joined(separator: "/")
    }

    var name: String { "\(method.rawValue) \(template)" }

    var pathParameters: [String] {
        pieces.compactMap { piece in if case .parameter(let name) = piece { name } else { nil } }
    }

    /// Parameters of the query that name something by its id.
    var idParameters: [String] { parameters.filter(\.schema.isID).map(\.name.description) }
}

extension Schema {
    var isID: Bool { if case .named(let name, _) = self { name.description == "ID" } else { false } }

    /// The names of all fields that hold an id.
    var ids: Set<String> {
        switch self {
        case .named(_, let inner), .nullable(let inner), .array(let inner, _): inner.ids
        case .object(let fields):
            fields.reduce(into: []) { found, field in
                if field.schema.isID { found.insert(field.name.description) }
                found.formUnion(field.schema.ids)
            }
        default: []
        }
    }
}
