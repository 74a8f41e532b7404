/// Writes JSON directly into bytes, commas included.
package struct JSONWriter: ~Copyable {
    package var out: ByteWriter
    private var needsComma = false

    package init(capacity: Int = 4_096) { out = ByteWriter(capacity: capacity) }

    package consuming func finish() -> Bytes { out.finish() }

    // MARK: Values

    package mutating func object(_ members: (inout JSONWriter) -> Void) { nest("{", "}", members) }

    package mutating func array(_ items: (inout JSONWriter) -> Void) { nest("[", "]", items) }

    private mutating func nest(_ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ body: (inout JSONWriter) -> Void)
    {
        separate()
        out.byte(UInt8(ascii: opening))
        needsComma = false
        body(&self)
        out.byte(UInt8(ascii: closing))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { out.byte(UInt8(ascii: ",")) }
        needsComma = true
    }

    package mutating func string(_ text: String) {
        separate()
        out.json(text)
    }

    package mutating func null() {
        separate()
        out.literal("null")
    }

    // MARK: Members

    package mutating func name(_ name: StaticString) {
        separate()
        out.byte(UInt8(ascii: "\""))
        out.literal(name)
        out.literal("\":")
        needsComma = false
    }

    package mutating func string(_ name: StaticString, _ text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }

    package mutating func string(_ name: StaticString, _ text: Span<UInt8>) {
        self.name(name)
        out.json(text)
        needsComma = true
    }

    package mutating func integer(_ name: StaticString, _ value: Int64?) {
        self.name(name)
        guard let value else { return null() }
        out.integer(value)
        needsComma = true
    }

    package mutating func integer(_ name: StaticString, _ value: Int?) { integer(name, value.map(Int64.init)) }

    /// Ids are strings, because a JavaScript number holds only 53 bits.
    package mutating func id(_ name: StaticString, _ id: Int64?) {
        self.name(name)
        guard let id else { return null() }
        separate()
        out.byte(UInt8(ascii: "\""))
        out.integer(id)
        out.byte(UInt8(ascii: "\""))
    }

    package mutating func boolean(_ name: StaticString, _ value: Bool) {
        self.name(name)
        out.literal(value ? "true" : "false")
        needsComma = true
    }

    package mutating func number(_ name: StaticString, _ value: Double?) {
        self.name(name)
        guard let value, value.isFinite else { return null() }
        out.raw(value.description)
        needsComma = true
    }

    package mutating func time(_ name: StaticString, _ time: Timestamp?) {
        self.name(name)
        guard let time else { return null() }
        separate()
        out.time(time)
    }

    package mutating func day(_ name: StaticString, _ day: CalendarDay) { string(name, day.description) }

    package mutating func boolean(_ value: Bool) {
        separate()
        out.literal(value ? "true" : "false")
    }

    package mutating func integer(_ value: Int64) {
        separate()
        out.integer(value)
    }

    /// A member whose name is data.
    package mutating func member(_ key: String, _ value: (inout JSONWriter) -> Void) {
        self.key(key)
        value(&self)
    }

    /// A member whose name is data.
    package mutating func object(key: String, _ members: (inout JSONWriter) -> Void) {
        self.key(key)
        object(members)
    }

    package mutating func array(key: String, _ items: (inout JSONWriter) -> Void) {
        self.key(key)
        array(items)
    }

    private mutating func key(_ key: String) {
        string(key)
        out.byte(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func object(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
        self.name(name)
        object(members)
    }

    /// A value that is written directly into the bytes.
    package mutating func value(_ name: StaticString, _ write: (inout ByteWriter) -> Void) {
        self.name(name)
        write(&out)
        needsComma = true
    }

    package mutating func array<Item>(
        _ name: StaticString, _ items: [Item], _ write: (inout JSONWriter, Item) -> Void
    ) {
        self.name(name)
        array { json in for item in items { write(&json, item) } }
    }
}
