/// A compiled time zone file ("TZif"), RFC 9636, versions 1 to 4.
extension TimeZoneRules {
    /// Nil if the bytes are not a well-formed zone file, an offset is a day or more, or the file counts leap seconds
    /// (those below `right/`), because timestamps here do not.
    package init?(name: TimeZoneName, file: [UInt8]) {
        var reader = TimeZoneFileReader(bytes: file)
        guard var header = reader.header() else { return nil }
        if header.version > 1 {
            // The first block, with 32-bit times, exists only for old readers.
            guard reader.skip(header.length(timeSize: 4)), let second = reader.header() else { return nil }
            header = second
        }
        guard let (initial, changes) = reader.block(header, timeSize: header.version > 1 ? 8 : 4) else { return nil }
        var rule: DaylightSavingRule?
        if header.version > 1 {
            guard let footer = reader.footer() else { return nil }
            if !footer.isEmpty {
                guard let parsed = DaylightSavingRule.parse(footer) else { return nil }
                rule = parsed
            }
        }
        let periods = changes.map(\.period) + [initial, rule?.standard, rule?.summer?.period].compactMap(\.self)
        guard periods.allSatisfy({ $0.offset.magnitude < Seconds.day }) else { return nil }
        self.init(name: name, initial: initial, changes: changes, rule: rule)
    }
}

private struct TimeZoneFileReader {
    let bytes: [UInt8]
    var position = 0

    struct Header {
        let version: Int
        /// Sizes of the tables, in the order of the header.
        let universal, standard, leaps, times, kinds, characters: Int

        func length(timeSize: Int) -> Int {
            times * (timeSize + 1) + kinds * 6 + characters + leaps * (timeSize + 4) + standard + universal
        }
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.count - position else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    mutating func header() -> Header? {
        guard let magic = take(4), magic.elementsEqual("TZif".utf8), let version = take(1)?.first, skip(15),
            let counts = take(24)
        else { return nil }
        let numbers = stride(from: counts.startIndex, to: counts.endIndex, by: 4).map { start in
            counts[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let header = Header(
            version: version == 0 ? 1 : Int(version) - 0x30, universal: numbers[0], standard: numbers[1],
            leaps: numbers[2], times: numbers[3], kinds: numbers[4], characters: numbers[5])
        return (1...9).contains(header.version) ? header : nil
    }

    mutating func block(
        _ header: Header, timeSize: Int
    ) -> (initial: TimeZoneRules.Period, changes: [TimeZoneRules.Change])? {
        guard header.leaps == 0, let times = take(header.times * timeSize), let indices = take(header.times),
            let kinds = take(header.kinds * 6), let characters = take(header.characters),
            skip(header.standard + header.universal)
        else { return nil }
        let periods = stride(from: kinds.startIndex, to: kinds.endIndex, by: 6).map { start in
            period(kinds[start..<start + 6], characters: characters)
        }
        guard let initial = periods.first else { return nil }
        var changes: [TimeZoneRules.Change] = []
        for (number, index) in indices.enumerated() {
            guard Int(index) < periods.count else { return nil }
            let start = times.startIndex + number * timeSize
            let seconds = signed(times[start..<start + timeSize])
            if let last = changes.last, last.seconds >= seconds { return nil }
            changes.append(TimeZoneRules.Change(seconds: seconds, period: periods[Int(index)]))
        }
        return (initial, changes)
    }

    private func period(_ kind: ArraySlice<UInt8>, characters: ArraySlice<UInt8>) -> TimeZoneRules.Period {
        let abbreviation = characters.dropFirst(Int(kind[kind.startIndex + 5])).prefix { $0 != 0 }
        return TimeZoneRules.Period(
            offset: Int(signed(kind.prefix(4))), abbreviation: String(decoding: abbreviation, as: UTF8.self))
    }

    private func signed(_ bytes: ArraySlice<UInt8>) -> Int64 {
        let bits = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return bytes.count == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
    }

    /// The rule between the two line feeds at the end of the file.
    mutating func footer() -> ArraySlice<UInt8>? {
        let lineEnd = UInt8(ascii: "\n")
        guard take(1)?.first == lineEnd, let end = bytes[position...].firstIndex(of: lineEnd) else { return nil }
        return take(end - position)
    }
}
