internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The switch on an account's page that pauses and resumes its tracking.
///
/// With scripts it changes at once and turns back if the change is refused (switches.js).
enum AccountSwitch {
    static let endpoints: [Endpoint] = [
        endpoint(PagePath.pauseAccount, "Pause an account", .paused, .accountPaused),
        endpoint(PagePath.resumeAccount, "Resume an account", .active, .accountResumed),
    ]

    /// Any version may be changed: the switch says what it shall be, whatever else has changed.
    private static func endpoint(
        _ path: Path<GuildID, ClientAccountID>, _ summary: StaticString, _ tracking: Tracking, _ done: Done
    ) -> Endpoint {
        .guild(.post, path, .page, needs: .admin, summary, .redirect()) { call, access, id in
            var change = AccountChange()
            change.tracking = tracking
            try await Accounts.change(id, .all, change, from: call.origin, in: access, call.database)
            return .seeOther(PagePath.account.link(access.guild, id).after(done))
        }
    }
}

extension HTML {
    mutating func trackingSwitch(_ account: Account, _ guild: GuildID, _ frame: Frame) {
        let isOn = account.status != .paused
        let path = isOn ? PagePath.pauseAccount : PagePath.resumeAccount
        form(
            .class("switch"), .fixed("method", "post"), .action(path.link(guild, account.id)), .flag("data-switch"),
            .fixed("data-live", "tracking")
        ) { html in
            html.formToken(frame)
            html.button(
                .class("button"), .id("tracking"), .fixed("role", "switch"),
                .text("aria-checked", isOn ? "true" : "false")
            ) { html in
                html.span(.class("knob"), .fixed("aria-hidden", "true"), text: "")
                html.text("Tracking")
            }
        }
    }
}
