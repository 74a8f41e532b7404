internal import Domain
internal import Formats
internal import HTTP

/// A page with one form that creates or changes an object.
struct FormPage: Sendable {
    let place: PagePlace
    var lead: String?
    /// The address of the page, which also receives the form.
    let address: Link
    /// The target of the cancel button.
    let cancel: Link
    let button: String
    let fields: [FormField]
    /// The labels of the values of fields with a list, for the comparison of two versions.
    var choices: [String: [Choice]] = [:]
    /// The link to delete the edited object.
    var deletion: DeletionCard?

    struct DeletionCard: Sendable {
        let title: String
        let text: String
        let link: Link
    }

    func response(_ form: Form, _ frame: Frame, content: HTML.Content) -> Response {
        var response = Response.page(place, frame) { html in
            html.pageHeader(place.title, lead: lead.map { lead in { $0.text(lead) } })
            html.problems(of: form, fields, on: address)
            html.bothVersions(form.conflicts, "Field") { text(of: $1, $0.name) }
            html.div(.class("card")) { html in
                html.div(.class("body")) { html in
                    html.form(
                        .class("stack"), .fixed("method", "post"), .action(address), .flag("data-guard"),
                        .flag("data-dirty", form.status != 200)
                    ) { html in
                        content(&html)
                        html.div(.class("actions")) { html in
                            html.button(.class("button primary"), text: button)
                            html.a(.class("button"), .href(cancel), .flag("data-discard"), text: "Cancel")
                            html.span(.fixed("role", "status"), .class("small muted"), .flag("data-unsaved"), text: "")
                        }
                        if !form[Form.version.name].isEmpty {
                            html.hidden(Form.version.name, form[Form.version.name])
                            for field in fields {
                                guard let was = form.opened[field.name] else { continue }
                                html.hidden(Form.openedPrefix + field.name, was)
                            }
                        }
                        html.formToken(frame)
                    }
                }
            }
            guard let deletion else { return }
            html.bodyCard(CardTitle("delete", "Delete")) { html in
                html.p(text: deletion.text)
                html.div(.class("actions")) { $0.button(deletion.title, deletion.link, .danger) }
            }
        }
        response.status = form.status
        return response
    }

    private func text(of value: String, _ field: String) -> String {
        let label = choices[field]?.first { $0.value == value }?.label ?? value
        return label.isEmpty ? "empty" : label
    }
}

/// The response to a form: a redirect to the page that `work` returns, or the form with its errors.
func answer(
    to form: Form, showing page: (Form) async throws -> Response, _ work: () async throws -> Link
) async throws -> Response {
    do {
        return .seeOther(try await work())
    } catch let rejection as Rejection {
        guard let refused = form.refused(rejection) else { throw rejection }
        return try await page(refused)
    }
}
