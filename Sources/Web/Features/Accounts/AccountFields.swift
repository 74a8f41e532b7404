internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    /// The fields that both forms of an account have.
    mutating func accountFields(_ form: Form, groups: [Choice], statuses: [Choice]) {
        textField(
            AccountForms.handle, form, .fixed("autocapitalize", "off"), .fixed("spellcheck", "false"),
            .flag("required"))
        selectField(AccountForms.group, form, groups, .flag("required"))
        textField(AccountForms.displayName, form)
        textField(AccountForms.url, form, type: "url")
        selectField(AccountForms.status, form, statuses)
        textArea(AccountForms.notes, form, rows: 4)
    }

    mutating func needsGroup(_ guild: GuildID) {
        listCard { html in
            html.emptyState(.groups, "Create a group first") { html in
                html.button("New group", PagePath.newGroup.link(guild), .primary, icon: .plus)
            } text: { html in
                html.text("Groups contain the accounts. This server has no group yet.")
            }
        }
    }
}

extension Form {
    /// Filled with the account's values.
    init(_ account: EditableAccount) {
        let tracking = Tracking.allCases.first { $0.status == account.status }
        self.init([
            "handle": account.handle, "groupId": account.group.description, "displayName": account.displayName,
            "url": account.url ?? "", "status": tracking?.rawValue ?? "", "notes": account.notes,
            "version": "\(account.version)",
        ])
    }
}

extension [Choice] {
    static let tracking = [Choice(Tracking.active.rawValue, "Active"), Choice(Tracking.paused.rawValue, "Paused")]

    /// With a choice that keeps a status found by the bot.
    static func tracking(from status: AccountStatus) -> [Choice] {
        let isChosen = Tracking.allCases.contains { $0.status == status }
        return isChosen ? tracking : [Choice("", "\(status.label) (set by the bot)")] + tracking
    }
}
