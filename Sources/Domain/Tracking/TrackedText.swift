internal import Formats

/// The rules for texts of tracked objects, for forms and the API.
///
/// The schema has the same length limits.
package enum TrackedText {
    /// The name of a brand or group: one line with at least one visible character.
    package static func name(_ text: String) throws(TextRule.Fault) -> String {
        let name = try TextRule.line(100).clean(text)
        guard name.unicodeScalars.contains(where: NameRule.isSeen) else {
            throw TextRule.Fault(message: "must not be blank.")
        }
        return name
    }

    /// The display name of an account; may be empty.
    package static func displayName(_ text: String) throws(TextRule.Fault) -> String {
        try TextRule(length: 0...200).clean(text)
    }

    package static func notes(_ text: String) throws(TextRule.Fault) -> String {
        try TextRule.lines(4_000).clean(text)
    }
}

extension FieldRule where Value == String {
    /// A text, cleaned by one of the functions of `TrackedText`.
    package static func cleaned(
        _ clean: @escaping @Sendable (String) throws(TextRule.Fault) -> String
    ) -> FieldRule {
        FieldRule { json, pointer, complaints in
            guard let text = json.string else {
                complaints.append(Rejection.Complaint(pointer, "must be text."))
                return nil
            }
            do throws(TextRule.Fault) { return try clean(text) } catch {
                complaints.append(Rejection.Complaint(pointer, error.message))
                return nil
            }
        }
    }
}
