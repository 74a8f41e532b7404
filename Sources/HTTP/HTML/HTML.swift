package import Formats

/// Writes markup as bytes while the page's functions run; no tree is built.
///
/// Text and attribute values are escaped byte by byte. Markup comes only from the source code: names of elements and
/// attributes are `StaticString`, addresses are `Link`s, which only routes make.
package struct HTML: ~Copyable {
    package var out: ByteWriter

    package typealias Content = (inout HTML) -> Void

    package init(capacity: Int = 16_384) { out = ByteWriter(capacity: capacity) }

    package consuming func finish() -> Bytes { out.finish() }

    package mutating func text(_ text: String) { out.html(text) }

    package mutating func text(_ text: Span<UInt8>) { out.html(text) }

    package mutating func integer(_ value: Int64) { out.integer(value) }

    /// Literal markup from the source, for the rows of long tables and for icons.
    package mutating func markup(_ text: StaticString) { out.literal(text) }

    package mutating func element(_ name: StaticString, _ attributes: [Attribute], _ content: Content) {
        open(name, attributes)
        content(&self)
        out.literal("</")
        out.literal(name)
        out.byte(UInt8(ascii: ">"))
    }

    /// An HTML element without content and end tag, such as `input`.
    package mutating func void(_ name: StaticString, _ attributes: [Attribute]) { open(name, attributes) }

    /// A self-closed SVG element.
    ///
    /// SVG needs the slash.
    package mutating func shape(_ name: StaticString, _ attributes: [Attribute]) {
        begin(name, attributes)
        out.literal("/>")
    }

    private mutating func open(_ name: StaticString, _ attributes: [Attribute]) {
        begin(name, attributes)
        out.byte(UInt8(ascii: ">"))
    }

    private mutating func begin(_ name: StaticString, _ attributes: [Attribute]) {
        out.byte(UInt8(ascii: "<"))
        out.literal(name)
        for attribute in attributes { write(attribute) }
    }

    private mutating func write(_ attribute: Attribute) {
        guard attribute.value != .absent else { return }
        out.byte(UInt8(ascii: " "))
        out.literal(attribute.name)
        if attribute.value == .present { return }
        out.literal("=\"")
        switch attribute.value {
        case .fixed(let text): out.literal(text)
        case .text(let text): out.html(text)
        case .integer(let number): out.integer(number)
        case .present, .absent: break
        }
        out.byte(UInt8(ascii: "\""))
    }
}

/// One attribute of an element.
package struct Attribute: Sendable {
    package enum Value: Sendable { case fixed(StaticString), text(String), integer(Int64), present, absent }

    package let name: StaticString
    package let value: Value

    /// An attribute with a fixed value.
    package static func fixed(_ name: StaticString, _ value: StaticString) -> Attribute {
        Attribute(name: name, value: .fixed(value))
    }

    /// An attribute with text.
    ///
    /// Not for addresses: use `href`, `action` and `image`.
    package static func text(_ name: TextName, _ value: String?) -> Attribute {
        Attribute(name: name.rawValue, value: value.map(Value.text) ?? .absent)
    }

    package static func integer(_ name: TextName, _ value: Int) -> Attribute {
        Attribute(name: name.rawValue, value: .integer(Int64(value)))
    }

    /// A boolean attribute, such as `checked`.
    package static func flag(_ name: StaticString, _ isSet: Bool = true) -> Attribute {
        Attribute(name: name, value: isSet ? .present : .absent)
    }

    package static func `class`(_ value: StaticString) -> Attribute { .fixed("class", value) }
    package static func id(_ value: StaticString) -> Attribute { .fixed("id", value) }
    package static func href(_ link: Link) -> Attribute { Attribute(name: "href", value: .text(link.text)) }
    package static func href(_ link: OutsideLink) -> Attribute { Attribute(name: "href", value: .text(link.text)) }
    package static func action(_ link: Link) -> Attribute { Attribute(name: "action", value: .text(link.text)) }
    package static func image(_ link: OutsideLink) -> Attribute { Attribute(name: "src", value: .text(link.text)) }
    package static func source(_ link: Link) -> Attribute { Attribute(name: "src", value: .text(link.text)) }

    /// Attributes whose value may come from data: none of them is an address, a style or a script.
    package struct TextName: Sendable, ExpressibleByStringLiteral {
        package let rawValue: StaticString

        package init(stringLiteral name: StaticString) {
            rawValue = name
            assert(!Self.refused.contains(name.description) && !name.description.hasPrefix("on"), "no data in \(name)")
        }

        private static let refused: Set = ["href", "src", "action", "formaction", "style", "srcdoc", "xlink:href"]
    }
}

extension Attribute.Value: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.present, .present), (.absent, .absent): true
        default: false
        }
    }
}
