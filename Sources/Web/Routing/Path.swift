package import Domain
internal import Formats
package import HTTP

/// A path parameter.
///
/// Its values have exactly one spelling.
package protocol PathPart: Sendable, CustomStringConvertible {
    init?(_ segment: Substring)
    /// The JSON schema `format` of the parameter in the API description.
    static var format: StaticString { get }
}

extension PathPart where Self: Identifier {
    package static var format: StaticString { "int64" }
}
extension GuildID: PathPart {}
extension BrandID: PathPart {}
extension AccountGroupID: PathPart {}
extension ClientAccountID: PathPart {}
extension SessionID: PathPart {}
extension GuestID: PathPart {}
extension APIKeyID: PathPart {}

/// A path, written once: it matches requests, makes links and appears in the API description.
package struct Path<each Part: PathPart>: Sendable {
    let pieces: [PathPiece]
    package let template: String

    /// `"/guilds/{guildId}/accounts/{accountId}"`; the braces stand for the parameters, in order.
    package init(_ template: StaticString) {
        pieces = template.description.split(separator: "/").map { piece in
            piece.hasPrefix("{") ? .parameter(String(piece.dropFirst().dropLast())) : .fixed(String(piece))
        }
        self.template = "/" + pieces.map(\.template).joined(separator: "/")
    }

    package func link(_ part: repeat each Part) -> Link {
        var text = ""
        var values: [String] = []
        repeat values.append((each part).description)
        var next = values.makeIterator()
        for piece in pieces {
            text += "/"
            if case .fixed(let word) = piece { text += word } else { text += next.next() ?? "" }
        }
        return Link(text: text.isEmpty ? "/" : text)
    }
}

/// Reads the path parameters, in order.
struct PartReader {
    private var segments: ArraySlice<Substring>

    init(_ segments: [Substring]) { self.segments = segments[...] }

    /// - Throws: `notFound` if the segment is not a valid spelling.
    mutating func next<Part: PathPart>(_: Part.Type = Part.self) throws(Rejection) -> Part {
        guard let segment = segments.popFirst(), let value = Part(segment) else { throw .notFound }
        return value
    }
}

enum PathPiece: Sendable, Equatable {
    case fixed(String)
    case parameter(String)

    var template: String {
        switch self {
        case .fixed(let word): word
        case .parameter(let name): "{\(name)}"
        }
    }
}
