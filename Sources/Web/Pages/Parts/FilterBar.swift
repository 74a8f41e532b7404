internal import Formats
internal import HTTP

/// A filter form.
///
/// It opens the same page with the filters in its address.
struct FilterBar: Sendable {
    let page: Link
    /// True if any filter is set and can be cleared.
    let isSet: Bool
    var button = "Apply"
}

/// One option of a list.
struct Choice: Sendable {
    let value: String
    let label: String

    init(_ value: String, _ label: String) {
        self.value = value
        self.label = label
    }
}

extension HTML {
    mutating func filters(_ bar: FilterBar, extra: Content? = nil, isExtraOpen: Bool = false, fields: Content) {
        form(
            .class("filters"), .fixed("method", "get"), .action(bar.page), .flag("data-swap"),
            .fixed("data-region", "filters")
        ) { html in
            fields(&html)
            if let extra {
                html.details(.class("toggle"), .flag("open", isExtraOpen)) { html in
                    html.summary(.class("button"), text: "More filters")
                }
                html.div(.class("extra"), content: extra)
            }
            html.div(.class("actions")) { html in
                html.button(.class("button"), .flag("data-nojs"), text: bar.button)
                if bar.isSet { html.a(.class("button"), .href(bar.page), .flag("data-swap"), text: "Clear") }
            }
        }
    }

    /// Keeps the direction of the order while filters change.
    mutating func sortOrder(_ address: ListAddress) {
        if let order = address.value("order") { hidden("order", order) }
    }

    mutating func searchField(_ placeholder: String, _ value: String?) {
        div(.class("field search")) { html in
            html.markup(#"<label for="f-q">Search</label>"#)
            html.icon(.search)
            html.input(
                .id("f-q"), .fixed("type", "search"), .fixed("name", "q"), .text("value", value ?? ""),
                .text("placeholder", placeholder), .fixed("autocomplete", "off"), .integer("maxlength", 100))
        }
    }

    /// `clears` names a field whose choices depend on this one.
    mutating func choiceField(
        _ name: String, _ label: String, _ choices: [Choice], selected: String?, clears: String? = nil
    ) {
        div(.class("field")) { html in
            html.label(.text("for", "f-\(name)"), text: label)
            html.select(.text("id", "f-\(name)"), .text("name", name), .text("data-clears", clears)) { html in
                for choice in choices { html.option(choice, isSelected: choice.value == selected ?? "") }
                // Show a selected value that is no longer among the choices, so that the filter does not look empty.
                if let selected, !selected.isEmpty, !choices.contains(where: { $0.value == selected }) {
                    html.option(Choice(selected, selected), isSelected: true)
                }
            }
        }
    }

    /// Literal markup, because there are up to hundreds of options.
    mutating func option(_ choice: Choice, isSelected: Bool) {
        markup(#"<option value=""#)
        text(choice.value)
        markup(isSelected ? "\" selected>" : "\">")
        text(choice.label)
        markup("</option>")
    }

    /// `fault` says what is wrong with the value, as `must not be after …`.
    mutating func field(
        _ name: String, _ label: String, type: StaticString, value: String?, fault: String? = nil, _ more: Attribute...
    ) {
        div(.class("field")) { html in
            html.label(.text("for", "f-\(name)"), text: label)
            let attributes: [Attribute] = [
                .text("id", "f-\(name)"), .fixed("type", type), .text("name", name), .text("value", value ?? ""),
                .text("aria-invalid", fault.map { _ in "true" }),
                .text("aria-describedby", fault.map { _ in "e-\(name)" }),
            ]
            html.void("input", attributes + more)
            if let fault { html.span(.class("error"), .text("id", "e-\(name)"), text: "\(label) \(fault).") }
        }
    }

    /// Replaces a list whose filters are invalid; the field says what is wrong.
    mutating func wrongFilter(_ page: Link) {
        emptyState(.search, "A filter is invalid") { html in
            html.button("Clear the filters", page)
        } text: { html in
            html.text("Correct the marked field above.")
        }
    }
}
