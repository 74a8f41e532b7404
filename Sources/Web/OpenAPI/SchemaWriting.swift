internal import Formats
internal import HTTP

extension Schema {
    /// Writes the members as JSON Schema into an open object.
    func write(to json: inout JSONWriter) {
        switch self {
        case .string(let format):
            json.string("type", "string")
            if let format { json.string("format", format.description) }
        case .text(let minimum, let maximum):
            json.string("type", "string")
            if minimum > 0 { json.integer("minLength", minimum) }
            json.integer("maxLength", maximum)
        case .integer(let range):
            json.string("type", "integer")
            json.string("format", "int64")
            if let range {
                json.integer("minimum", range.lowerBound)
                if range.upperBound < Int.max { json.integer("maximum", range.upperBound) }
            }
        case .number: json.string("type", "number")
        case .boolean: json.string("type", "boolean")
        case .oneOf(let words):
            json.string("type", "string")
            json.array("enum", words) { $0.string($1) }
        case .identifier:
            json.string("type", "string")
            json.string("pattern", "^[1-9][0-9]{0,18}$")
        case .nullable(let schema):
            json.name("anyOf")
            json.array { json in
                json.object { schema.write(to: &$0) }
                json.object { $0.string("type", "null") }
            }
        case .array(let item, let count):
            json.string("type", "array")
            if let count {
                if count.lowerBound > 0 { json.integer("minItems", count.lowerBound) }
                json.integer("maxItems", count.upperBound)
            }
            json.object("items") { item.write(to: &$0) }
        case .object(let fields): write(fields, to: &json)
        case .named(let name, _): json.string("$ref", "#/components/schemas/\(name)")
        }
    }

    private func write(_ fields: [Field], to json: inout JSONWriter) {
        json.string("type", "object")
        guard !fields.isEmpty else { return }
        json.object("properties") { json in
            for field in fields { json.object(field.name) { field.schema.write(to: &$0) } }
        }
        json.array("required", fields.filter(\.isRequired)) { $0.string($1.name.description) }
        json.boolean("additionalProperties", false)
    }

    /// Collects the named schemas.
    func collect(into known: inout [(name: String, schema: Schema)]) {
        switch self {
        case .nullable(let schema), .array(let schema, _): schema.collect(into: &known)
        case .object(let fields): for field in fields { field.schema.collect(into: &known) }
        case .named(let name, let schema):
            guard !known.contains(where: { $0.name == name.description }) else { return }
            known.append((name.description, schema))
            schema.collect(into: &known)
        default: break
        }
    }
}
