internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    mutating func themeSwitch(_ frame: Frame) {
        form(
            .class("theme"), .fixed("method", "post"), .action(PagePath.theme.link()), .fixed("aria-label", "Colours")
        ) { html in
            html.formToken(frame)
            html.hidden("returnTo", frame.here.description)
            html.themeButton("light", "Light", .sun, isChosen: frame.theme == .light)
            html.themeButton("dark", "Dark", .moon, isChosen: frame.theme == .dark)
            html.themeButton("system", "Match system", .auto, isChosen: frame.theme == nil)
        }
    }

    private mutating func themeButton(_ value: StaticString, _ label: String, _ icon: Icon, isChosen: Bool) {
        button(
            .fixed("name", "theme"), .fixed("value", value), .text("aria-pressed", isChosen ? "true" : "false"),
            .text("title", label)
        ) { html in
            html.icon(icon)
            html.span(.class("visually-hidden"), text: label)
        }
    }
}
