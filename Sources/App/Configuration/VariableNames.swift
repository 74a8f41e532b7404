internal import Formats
internal import HTTP

extension Variable {
    /// The name of this program's that is probably meant by another; nil for those that are its own or resemble none.
    static func nearest(to name: String) -> String? {
        let known = all.map(\.name) + all.map { $0.name + "_FILE" }
        // Those are libpq's.
        guard !known.contains(name), !name.hasPrefix("PG") else { return nil }
        if let whole = known.first(where: { isPart($0, name.uppercased()) }) { return whole }
        let bare = plain(name)
        let best = known.map { (name: $0, distance: distance(plain($0), bare)) }.min { $0.distance < $1.distance }
        return best.flatMap { $0.distance <= patience(bare.count) ? $0.name : nil }
    }

    /// Whether its first word is that of one of this program's names, give or take a letter of a long one.
    static func beginsAsOne(_ name: String) -> Bool {
        guard let word = firstWord(name) else { return false }
        return all.contains { variable in
            guard let known = firstWord(variable.name) else { return false }
            return known == word || known.count >= 6 && distance(known, word) <= 1
        }
    }

    private static func firstWord(_ name: String) -> [UInt8]? {
        guard let end = name.firstIndex(of: "_") else { return nil }
        return Array(name[..<end].uppercased().utf8)
    }

    /// Without what is easily left out or put in.
    private static func plain(_ name: String) -> [UInt8] { name.uppercased().utf8.filter { $0 != UInt8(ascii: "_") } }

    /// Letters that may differ in a name of that length: `HOME` is not meant to be `HOST`.
    private static func patience(_ length: Int) -> Int { length < 6 ? 1 : length < 12 ? 2 : 3 }

    /// Whether it is the name without its beginning, as in `DISCORD_CLIENT_ID`, or with one too many.
    private static func isPart(_ known: String, _ name: String) -> Bool {
        name.contains("_") && known.hasSuffix("_" + name) || name == "DASHBOARD_" + known
            || known.contains("_") && name.hasSuffix("_" + known)
    }

    /// The least number of letters to put in, take out or replace that makes one word the other (Levenshtein).
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, wanted) in other.enumerated() {
                let replaced = diagonal + (letter == wanted ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(replaced, row[place] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
