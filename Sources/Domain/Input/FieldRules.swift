internal import Formats

extension FieldRule {
    /// One of the words of an enumeration.
    package static func choice(_: Value.Type = Value.self) -> FieldRule
    where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
        FieldRule("must be one of: \(Value.allCases.map(\.rawValue).joined(separator: ", ")).") { json in
            guard let text = json.string, let value = Value(rawValue: text) else { return nil }
            // The initializer compares with `==`, which accepts other spellings of the same characters.
            return value.rawValue.hasSameBytes(as: text) ? value : nil
        }
    }

    /// An id.
    ///
    /// In JSON it is always text, because browsers round large numbers.
    package static func identifier(_: Value.Type = Value.self) -> FieldRule where Value: Identifier {
        FieldRule("must be an id, as text in quotes.") { $0.string.flatMap { Value($0) } }
    }

    /// A list; its complaints name the index of the item.
    package static func list<Item>(of item: FieldRule<Item>, count: ClosedRange<Int>) -> FieldRule
    where Value == [Item] {
        FieldRule { json, pointer, complaints in
            guard let items = json.array, count.contains(items.count) else {
                let bounds = "must be a list of \(count.lowerBound) to \(count.upperBound) items."
                complaints.append(Rejection.Complaint(pointer, bounds))
                return nil
            }
            var values: [Item] = []
            for (index, json) in items.enumerated() {
                if let value = item.read(json, "\(pointer)/\(index)", &complaints) { values.append(value) }
                // Stop here: more complaints are not reported.
                if complaints.count >= ObjectReader.maximalComplaints { return nil }
            }
            return values.count == items.count ? values : nil
        }
    }

    /// An object within the object.
    package static func object(_ body: @escaping @Sendable (inout ObjectReader) -> Value?) -> FieldRule {
        FieldRule { json, pointer, complaints in
            var reader = ObjectReader(json, at: pointer)
            let value = body(&reader)
            let found = reader.finished(hasValue: value != nil)
            complaints += found
            return found.isEmpty ? value : nil
        }
    }
}
