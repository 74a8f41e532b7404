@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    /// Text in an element and in an attribute, which a reader of HTML gives back.
    static let html = FuzzTarget("html") { bytes in
        let plain = text(bytes)
        var html = HTML(capacity: 16)
        html.element("p", [.text("title", plain)]) { $0.text(plain) }
        html.element("p", []) { $0.text(plain.utf8.span) }
        let page = html.finish().array
        let pieces = Markup.split(page)
        check(pieces?.count == 3, "a page has the elements that were written, and no others")
        check(pieces?.allSatisfy { $0 == plain.bytes } ?? false, "text is read as it was written")
        if let link = OutsideLink(plain) {
            check(link.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a link is printable ASCII")
            check(link.text.utf8.starts(with: "http".utf8), "a link is of the web")
        }
        var out = ByteWriter(capacity: 1)
        out.json(plain)
        let quoted = out.finish().array
        check(!quoted.contains { $0 < 0x20 }, "no text of JSON has a raw control character")
    }
}

/// Reads `<p title="A">B</p><p>C</p>`, with five entities, and nothing else.
private enum Markup {
    static func split(_ page: [UInt8]) -> [[UInt8]]? {
        var rest = page[...]
        guard take("<p title=\"", &rest), let title = text(&rest, until: "\""), take("\">", &rest),
            let first = text(&rest, until: "<"), take("</p><p>", &rest), let second = text(&rest, until: "<"),
            take("</p>", &rest), rest.isEmpty
        else { return nil }
        return [title, first, second]
    }

    private static func take(_ text: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static let entities: [(String, UInt8)] = [
        ("&amp;", UInt8(ascii: "&")), ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")),
        ("&quot;", UInt8(ascii: "\"")), ("&#39;", UInt8(ascii: "'")),
    ]

    /// Nil if a byte stands there that has to be escaped.
    private static func text(_ rest: inout ArraySlice<UInt8>, until end: Unicode.Scalar) -> [UInt8]? {
        var text: [UInt8] = []
        while let byte = rest.first, UInt32(byte) != end.value {
            if byte == UInt8(ascii: "&") {
                guard let (_, sign) = entities.first(where: { take($0.0, &rest) }) else { return nil }
                text.append(sign)
                continue
            }
            guard !"<>\"'".utf8.contains(byte) else { return nil }
            text.append(byte)
            rest = rest.dropFirst()
        }
        return text
    }
}
