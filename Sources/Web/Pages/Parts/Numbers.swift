internal import Domain

extension HTML {
    /// A number: as it is up to 9,999, then shortened with the exact one in reach; a dash where there is none.
    mutating func number(_ value: Int64?) {
        guard let value else { return markup(#"<span class="muted">–</span>"#) }
        guard value.magnitude >= 10_000 else { return text(NumberText.grouped(value)) }
        markup(#"<data value=""#)
        integer(value)
        markup(#"" title=""#)
        text(NumberText.grouped(value))
        markup("\">")
        text(NumberText.compact(value))
        markup("</data>")
    }

    mutating func number(_ value: Int) { number(Int64(value)) }
}

/// Counts with their noun.
enum CountText {
    /// As in `1 account` and `1,284 accounts`.
    static func text(_ count: some BinaryInteger, _ singular: String, _ plural: String? = nil) -> String {
        "\(NumberText.grouped(count)) \(count == 1 ? singular : plural ?? singular + "s")"
    }
}
