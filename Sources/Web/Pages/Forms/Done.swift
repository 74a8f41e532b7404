/// The completed action.
///
/// The page that follows a form shows it once.
enum Done: String, CaseIterable, Sendable {
    case brandAdded = "brand-added"
    case brandSaved = "brand-saved"
    case brandDeleted = "brand-deleted"
    case groupAdded = "group-added"
    case groupSaved = "group-saved"
    case groupDeleted = "group-deleted"
    case accountAdded = "account-added"
    case accountSaved = "account-saved"
    case accountDeleted = "account-deleted"

    static let parameter = QueryParameter<Done>.word("done", "The completed action")

    var headline: String {
        switch self {
        case .brandAdded: "The brand was added."
        case .brandSaved: "The brand was saved."
        case .brandDeleted: "The brand was deleted."
        case .groupAdded: "The group was added."
        case .groupSaved: "The group was saved."
        case .groupDeleted: "The group was deleted."
        case .accountAdded: "The account was added."
        case .accountSaved: "The account was saved."
        case .accountDeleted: "The account was deleted."
        }
    }

    /// The next step.
    var remark: String? {
        switch self {
        case .brandAdded: "Now add a group to it: accounts live in groups."
        case .groupAdded: "Accounts can be added to it now."
        case .accountAdded: "Numbers appear after the bot’s next check."
        default: nil
        }
    }
}

extension Link {
    func after(_ done: Done) -> Link { asking([(Done.parameter.name.description, done.rawValue)]) }
}

extension HTML {
    mutating func done(_ done: Done?) {
        guard let done else { return }
        notice(.good) { html in
            html.strong(text: done.headline)
            if let remark = done.remark { html.text(" \(remark)") }
        }
    }
}
