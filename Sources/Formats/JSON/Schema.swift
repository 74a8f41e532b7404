/// The type of a value in the API: JSON Schema as in OpenAPI 3.1, limited to the parts that this API uses.
package indirect enum Schema: Sendable {
    case string(format: StaticString? = nil)
    case text(maximum: Int)
    case integer(ClosedRange<Int>? = nil)
    case number
    case boolean
    case oneOf([String])
    /// A 64-bit id in its canonical spelling.
    case identifier
    case nullable(Schema)
    case array(Schema)
    case object([Field])
    /// Defined once under a name, and referenced everywhere else.
    case named(StaticString, Schema)

    package struct Field: Sendable {
        package let name: StaticString
        package let schema: Schema
        package let isRequired: Bool

        package static func field(_ name: StaticString, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: true)
        }

        package static func optional(_ name: StaticString, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: false)
        }
    }

    /// A 64-bit id as a decimal string.
    package static let id = Schema.named("ID", .identifier)
    /// ISO 8601 in UTC.
    package static let time = Schema.string(format: "date-time")
    package static let day = Schema.string(format: "date")

    package static func words<Word: CaseIterable & RawRepresentable<String>>(_: Word.Type) -> Schema {
        .oneOf(Word.allCases.map(\.rawValue))
    }

    /// A page of a list.
    package static func page(of item: Schema) -> Schema {
        .object([.field("items", .array(item)), .field("nextCursor", .nullable(.string()))])
    }
}
