internal import Domain
internal import Formats
internal import HTTP

/// The fields of a form: a label, an optional hint, and the error beside the field, linked to it for screen readers.
extension HTML {
    mutating func textField(
        _ field: FormField, _ form: Form, type: StaticString = "text", _ more: Attribute...
    ) {
        labelled(field, form) { html, attributes in
            html.void("input", attributes + [.fixed("type", type), .text("value", form[field.name])] + more)
        }
    }

    mutating func textArea(_ field: FormField, _ form: Form, rows: Int) {
        labelled(field, form) { html, attributes in
            html.element("textarea", attributes + [.integer("rows", rows)]) { html in
                // A browser drops the first line break of a text area.
                html.text("\n\(form[field.name])")
            }
        }
    }

    mutating func selectField(_ field: FormField, _ form: Form, _ choices: [Choice], _ more: Attribute...) {
        labelled(field, form) { html, attributes in
            html.element("select", attributes + more) { html in
                for choice in choices { html.option(choice, isSelected: choice.value == form[field.name]) }
            }
        }
    }

    /// Checkboxes, each with its own name.
    mutating func checkFields(_ field: FormField, _ form: Form, _ boxes: [FormField]) {
        let complaint = form.complaint(about: field)
        let errorID = "e-\(field.name)"
        fieldset(
            .class("field"), .text("id", field.id), .text("aria-describedby", complaint.map { _ in errorID })
        ) { html in
            html.legend(text: field.label)
            for box in boxes {
                html.label(.class("check")) { html in
                    html.input(
                        .fixed("type", "checkbox"), .text("name", box.name), .flag("checked", form.has(box.name)))
                    html.text(box.label)
                }
            }
            if let complaint { html.span(.class("error"), .text("id", errorID), text: complaint) }
        }
    }

    private mutating func labelled(_ field: FormField, _ form: Form, control: (inout HTML, [Attribute]) -> Void) {
        let complaint = form.complaint(about: field)
        let (hintID, errorID) = ("h-\(field.name)", "e-\(field.name)")
        let described = [field.hint.map { _ in hintID }, complaint.map { _ in errorID }].compactMap(\.self)
        div(.class("field")) { html in
            html.label(.text("for", field.id), text: field.label)
            control(
                &html,
                [
                    .text("id", field.id), .text("name", field.name), .fixed("autocomplete", "off"),
                    .text("aria-invalid", complaint.map { _ in "true" }),
                    .text("aria-describedby", described.isEmpty ? nil : described.joined(separator: " ")),
                ])
            if let complaint { html.span(.class("error"), .text("id", errorID), text: complaint) }
            if let hint = field.hint { html.span(.class("hint"), .text("id", hintID), text: hint) }
        }
    }

    /// The list of errors above the form, with a link to each field.
    ///
    /// The browser focuses it.
    mutating func problems(of form: Form, _ fields: [FormField], on page: Link) {
        guard form.problem != nil || !form.complaints.isEmpty else { return }
        div(.class("notice bad"), .fixed("role", "alert"), .integer("tabindex", -1), .flag("autofocus")) { html in
            html.icon(.bad)
            html.div { html in
                html.strong(text: "Not saved.")
                if let problem = form.problem { html.text(" \(problem)") }
                html.ul { html in
                    for complaint in form.complaints { html.problem(complaint, fields, on: page) }
                }
            }
        }
    }

    private mutating func problem(_ complaint: Rejection.Complaint, _ fields: [FormField], on page: Link) {
        li { html in
            guard let field = fields.first(where: { $0.pointer == complaint.pointer }) else {
                return html.text("\(complaint.pointer) \(complaint.message)")
            }
            html.a(.href(page.at(field)), text: "\(field.label) \(complaint.message)")
        }
    }
}

extension Link {
    /// The address of the field on that page.
    fileprivate func at(_ field: FormField) -> Link { Link(text: "\(text)#\(field.id)") }
}
