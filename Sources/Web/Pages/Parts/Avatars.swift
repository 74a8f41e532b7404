internal import Domain
internal import Formats
internal import HTTP

/// The kind of picture beside a name.
enum AvatarKind: String, Sendable {
    case guild = "avatar"
    case largeGuild = "avatar large"
    case person = "avatar round"
    case largePerson = "avatar round large"
}

extension HTML {
    /// The picture of a person or server; the initials if there is none.
    mutating func avatar(_ name: String, _ picture: OutsideLink? = nil, _ kind: AvatarKind = .guild) {
        if let picture {
            img(
                .text("class", kind.rawValue), .image(picture), .fixed("alt", ""), .integer("width", 24),
                .integer("height", 24))
        } else {
            span(.text("class", kind.rawValue), .fixed("aria-hidden", "true"), text: Self.initials(name))
        }
    }

    /// The first letters of the first two words.
    static func initials(_ name: String) -> String {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        let letters = String(words.prefix(2).compactMap(\.first)).uppercased()
        return letters.isEmpty ? "#" : letters
    }
}
