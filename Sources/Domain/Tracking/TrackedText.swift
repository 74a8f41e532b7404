/// The texts that people give to what is tracked: forms and API clean them alike.
///
/// The schema's limits on lengths are the same.
package enum TrackedText {
    /// The name of a brand or group: one line in which something can be seen.
    package static func name(_ text: String) throws(TextRule.Fault) -> String {
        let name = try TextRule.line(100).clean(text)
        guard name.unicodeScalars.contains(where: isVisible) else {
            throw TextRule.Fault(message: "must have a character that can be seen.")
        }
        return name
    }

    /// The name that an account has beside its handle; may be empty.
    package static func displayName(_ text: String) throws(TextRule.Fault) -> String {
        try TextRule(length: 0...200).clean(text)
    }

    package static func notes(_ text: String) throws(TextRule.Fault) -> String {
        try TextRule.lines(4_000).clean(text)
    }

    /// Not visible alone: marks, white space, and what only steers other characters.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        // Letters whose glyphs are blank: Hangul fillers and the empty Braille pattern.
        if [0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0].contains(scalar.value) { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator, .nonspacingMark, .enclosingMark, .spacingMark:
            return false
        default: return true
        }
    }
}

extension FieldRule where Value == String {
    /// Text, as one of the functions of `TrackedText` makes it.
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
