internal import HTTP

extension HTML {
    /// The id under which the log has the request.
    mutating func requestNumber(_ id: String) {
        p(.class("small muted")) { html in
            html.text("Request ")
            html.code(text: id)
            html.text(". Include it if you contact the operator.")
        }
    }
}
