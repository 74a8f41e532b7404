internal import Domain
internal import Formats
internal import HTTP

/// Changes in the bytes of a page made earlier: the places that show the bot's state, and the time of the page.
///
/// Each place begins with markup that no text can contain, because texts have their quotes and angle brackets escaped.
struct KeptPage {
    private struct Place {
        let prefix: [UInt8]
        let end: UInt8
        /// The new content for the content between the prefix and the end.
        let content: (String) -> String

        init(_ prefix: String, until end: Unicode.Scalar, _ content: @escaping (String) -> String) {
            self.prefix = Array(prefix.utf8)
            self.end = UInt8(ascii: end)
            self.content = content
        }
    }

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The time zone in which the page was written.
    var zone: TimeZoneRules {
        guard let offset = text(after: "data-offset=\"").flatMap({ Int($0) }), let name = text(after: "data-zone=\"")
        else { return .utc }
        return .fixed(offset: offset, abbreviation: name)
    }

    /// The text up to the next quote; the attributes of `html` are at the beginning of the page.
    private func text(after prefix: String) -> String? {
        let (head, prefix) = (bytes.prefix(256), Array(prefix.utf8))
        guard let start = head.indices.first(where: { head[$0...].starts(with: prefix) }) else { return nil }
        let value = head[(start + prefix.count)...].prefix { $0 != UInt8(ascii: "\"") }
        return String(decoding: value, as: UTF8.self)
    }

    private static func places(of status: BotStatus, _ assets: Assets) -> [Place] {
        let state = status.state
        let present = Set([state.rawValue] + status.reasons.map(\.rawValue))
        return [
            Place("data-status=\"badge\" class=\"badge ", until: "\"") { _ in Tone(state).rawValue },
            Place("<span data-word>", until: "<") { _ in state.label },
            Place("<span data-status=\"state\">", until: "<") { _ in state.label.lowercased() },
            Place("data-states=\"", until: ">") { old in
                let words = old.prefix { $0 != "\"" }
                let isShown = words.split(separator: " ").contains { present.contains(String($0)) }
                return "\(words)\"\(isShown ? "" : " hidden")"
            },
            Place("<title data-base=\"", until: "<") { old in
                let base = old.prefix { $0 != "\"" }
                return "\(base)\">\(state.titleMark)\(base)"
            },
            Place("<link rel=\"icon\" type=\"image/svg+xml\" href=\"", until: "\"") { _ in assets.favicon(state).text },
        ]
    }

    /// The page with the bot's present state and the present time; nil leaves the state as it is.
    func filled(with status: BotStatus?, _ now: Timestamp, _ assets: Assets) -> [UInt8] {
        let clock = Place("data-now=\"", until: "\"") { _ in Timestamp(seconds: now.seconds).iso8601 }
        let places = [clock] + (status.map { Self.places(of: $0, assets) } ?? [])
        var filled: [UInt8] = []
        filled.reserveCapacity(bytes.count + 512)
        var index = 0
        while index < bytes.count {
            // All prefixes begin with one of two bytes.
            guard bytes[index] == UInt8(ascii: "d") || bytes[index] == UInt8(ascii: "<"),
                let place = places.first(where: { bytes[index...].starts(with: $0.prefix) })
            else {
                filled.append(bytes[index])
                index += 1
                continue
            }
            let start = index + place.prefix.count
            let end = bytes[start...].firstIndex(of: place.end) ?? bytes.count
            filled += place.prefix
            filled += place.content(String(decoding: bytes[start..<end], as: UTF8.self)).utf8
            index = end
        }
        return filled
    }
}
