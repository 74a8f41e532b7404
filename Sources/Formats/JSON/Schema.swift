/// The type of a value in the API: JSON Schema as in OpenAPI 3.1, limited to the parts that this API uses.
package indirect enum Schema: Sendable {
    case string(format: StaticString? = nil)
    case text(minimum: Int = 0, maximum: Int)
    /// 64 bits.
    case integer(ClosedRange<Int>? = nil)
    case number
    case boolean
    case oneOf([String])
    /// A 64-bit id in its canonical spelling.
    case identifier
    case nullable(Schema)
    /// `count` is the range of the number of items.
    case array(Schema, count: ClosedRange<Int>? = nil)
    /// Without fields: any members.
    case object([Field])
    /// Defined once under a name, and referenced everywhere else.
    ///
    /// Every object and every shared list of words has one, because client generators make types of them.
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

    /// A number of things, or a duration.
    package static let count = Schema.integer(0...Int.max)
    /// The version of an object.
    package static let version = Schema.integer(1...Int.max)

    package static func words<Word: CaseIterable & RawRepresentable<String>>(
        _ name: StaticString, _: Word.Type
    ) -> Schema {
        .named(name, .oneOf(Word.allCases.map(\.rawValue)))
    }

    /// A page of a list.
    package static func page(_ name: StaticString, of item: Schema) -> Schema {
        .named(name, .object([.field("items", .array(item)), .field("nextCursor", .nullable(.string()))]))
    }
}
