internal import Domain
internal import Formats
internal import HTTP

/// The text of an endpoint in the API reference, from its row in the table.
extension Endpoint {
    struct ParameterRow: Sendable {
        let name: String
        let place: String
        let type: String
        let meaning: String
    }

    var methodClass: StaticString {
        switch method {
        case .get, .options: "method"
        case .delete: "method delete"
        case .post, .put, .patch: "method write"
        }
    }

    var who: String {
        switch access {
        case .anyone: "everyone"
        case .signedIn: "anyone who is signed in"
        case .guild(let rule): Self.who(rule)
        case .key(let scope): "bots, signed with a key that has the scope \(scope.rawValue)"
        }
    }

    private static func who(_ rule: GuildRule) -> String {
        let people =
            switch rule.level {
            case .viewer: "viewers and admins of the server"
            case .admin: "admins of the server"
            }
        return rule.guestRefusal == nil ? people : "\(people), but no guests"
    }

    var parameterRows: [ParameterRow] {
        let pathParameters = pieces.compactMap { piece in if case .parameter(let name) = piece { name } else { nil } }
        let inPath = zip(pathParameters, partFormats).map { name, _ in
            ParameterRow(
                name: name, place: "path", type: "id", meaning: name == "guildId" ? "Discord’s id of the server" : "")
        }
        return inPath
            + parameters.map { parameter in
                ParameterRow(
                    name: parameter.name.description, place: "query", type: SchemaText.word(parameter.schema),
                    meaning: parameter.summary.description)
            }
    }

    /// The success status first, then the errors that the row implies.
    var statuses: [Int] {
        var list: [Int] = answerAsJSON == nil ? [] : [200]
        switch answer {
        case .empty: list.append(204)
        case .created: list.append(201)
        case .redirect(let status): list.append(status)
        case .json, .events, .html, .file: list.append(200)
        }
        return list + failures.map(\.0)
    }

    var exampleText: String? {
        switch answer {
        case .json(let schema), .created(let schema): SchemaText.text(schema)
        case .events(let schema): "event: status\ndata: \(SchemaText.text(schema))"
        case .html, .file, .redirect, .empty: nil
        }
    }
}

/// A schema for readers: the shape of the JSON, with words for the values.
enum SchemaText {
    static func text(_ schema: Schema) -> String { text(schema, indent: "") }

    private static func text(_ schema: Schema, indent: String) -> String {
        switch schema {
        case .named(let name, _) where name.isSame(as: "ID"): word(schema)
        case .named(_, let schema): text(schema, indent: indent)
        case .nullable(let schema): "\(text(schema, indent: indent)) or null"
        case .array(let item, _): "[\(text(item, indent: indent)), …]"
        case .object(let fields): object(fields, indent)
        default: word(schema)
        }
    }

    private static func object(_ fields: [Schema.Field], _ indent: String) -> String {
        guard !fields.isEmpty else { return "{}" }
        let deeper = indent + "  "
        let lines = fields.map { field in
            "\(deeper)\"\(field.name)\"\(field.isRequired ? "" : " (optional)"): \(text(field.schema, indent: deeper))"
        }
        return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    }

    /// A value in a word or few.
    static func word(_ schema: Schema) -> String {
        switch schema {
        case .string(let format): format.map(word) ?? "text"
        case .text(_, let maximum): "text of at most \(maximum) characters"
        case .integer(let range): range.map(bounds) ?? "integer"
        case .number: "number"
        case .boolean: "true or false"
        case .oneOf(let words): words.joined(separator: ", ")
        case .nullable(let schema): "\(word(schema)) or null"
        case .array(let item, _): "list of \(word(item))"
        case .object: "object"
        case .identifier: "id"
        case .named(_, let schema): word(schema)
        }
    }

    private static func bounds(_ range: ClosedRange<Int>) -> String {
        range.upperBound == Int.max
            ? "integer from \(range.lowerBound)" : "integer, \(range.lowerBound)–\(range.upperBound)"
    }

    private static func word(_ format: StaticString) -> String {
        switch format.description {
        case "date-time": "time"
        case "date": "day"
        case "uri": "address"
        default: format.description
        }
    }
}
