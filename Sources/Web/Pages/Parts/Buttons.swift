internal import Domain
internal import Formats
internal import HTTP

enum ButtonKind: String, Sendable {
    case plain = "button"
    case primary = "button primary"
    case small = "button small"
    case big = "button primary big"
    case danger = "button danger"
    case smallDanger = "button small danger"
}

extension HTML {
    mutating func button(
        _ label: String, _ link: Link, _ kind: ButtonKind = .plain, icon: Icon? = nil, about name: String? = nil
    ) {
        a(.text("class", kind.rawValue), .href(link)) { html in
            if let icon { html.icon(icon) }
            html.text(label)
            if let name { html.about(name) }
        }
    }

    /// The object of a button, for screen readers.
    private mutating func about(_ name: String) {
        span(.class("visually-hidden")) { html in
            html.text(" ")
            html.name(name)
        }
    }

    mutating func button(_ label: String, _ link: OutsideLink, _ kind: ButtonKind = .plain, about name: String? = nil) {
        a(.text("class", kind.rawValue), .href(link), .fixed("rel", "noreferrer")) { html in
            html.icon(.external)
            html.text(label)
            if let name { html.span(.class("visually-hidden"), text: " \(name)") }
        }
    }

    /// The hidden fields with the CSRF token.
    mutating func formToken(_ frame: Frame) {
        guard let token = frame.token else { return }
        input(.fixed("type", "hidden"), .text("name", FormToken.field), .text("value", token))
    }

    mutating func hidden(_ name: String, _ value: String) {
        input(.fixed("type", "hidden"), .text("name", name), .text("value", value))
    }
}

extension HTML {
    /// A button that changes something.
    ///
    /// It is a form, so it works without script.
    mutating func postButton(
        _ label: String, _ link: Link, _ frame: Frame, _ kind: StaticString = "button", about name: String? = nil
    ) {
        form(.fixed("method", "post"), .action(link)) { html in
            html.formToken(frame)
            html.button(.class(kind)) { html in
                html.text(label)
                if let name { html.about(name) }
            }
        }
    }
}
