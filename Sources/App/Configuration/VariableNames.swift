internal import Formats
internal import HTTP

extension Variable {
    /// The known name closest to an unknown one; nil for known names, and for names that resemble none.
    static func nearest(to name: String) -> String? {
        let known = all.map(\.name) + all.map { $0.name + "_FILE" }
        // Names with `PG` are libpq's.
        guard !known.contains(name), !name.hasPrefix("PG") else { return nil }
        if let whole = known.first(where: { isPart($0, name.uppercased()) }) { return whole }
        let bare = plain(name)
        let best = known.map { (name: $0, distance: distance(plain($0), bare)) }.min { $0.distance < $1.distance }
        return best.flatMap { $0.distance <= maximumDistance(bare.count) ? $0.name : nil }
    }

    /// True if its first word is close to the first word of a known name.
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

    /// Without underscores, which are easily omitted or added.
    private static func plain(_ name: String) -> [UInt8] { name.uppercased().utf8.filter { $0 != UInt8(ascii: "_") } }

    /// Maximum edit distance for a name of that length.
    ///
    /// `HOME` must not match `HOST`.
    private static func maximumDistance(_ length: Int) -> Int { length < 6 ? 1 : length < 12 ? 2 : 3 }

    /// True if the name lacks its first word, for example `DISCORD_CLIENT_ID`, or has one too many.
    private static func isPart(_ known: String, _ name: String) -> Bool {
        name.contains("_") && known.hasSuffix("_" + name) || name == "DASHBOARD_" + known
            || known.contains("_") && name.hasSuffix("_" + known)
    }

    /// The Levenshtein distance of two words.
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
