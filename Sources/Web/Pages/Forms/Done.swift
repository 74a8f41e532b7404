internal import Formats
internal import HTTP

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
    case accountPaused = "account-paused"
    case accountResumed = "account-resumed"

    static let parameter = QueryParameter<Done>.word("done", "The completed action")

    var headline: String {
        switch self {
        case .brandAdded: "Brand added."
        case .brandSaved: "Brand saved."
        case .brandDeleted: "Brand deleted."
        case .groupAdded: "Group added."
        case .groupSaved: "Group saved."
        case .groupDeleted: "Group deleted."
        case .accountAdded: "Account added."
        case .accountSaved: "Account saved."
        case .accountDeleted: "Account deleted."
        case .accountPaused: "Tracking paused."
        case .accountResumed: "Tracking resumed."
        }
    }

    /// The next step.
    var remark: String? {
        switch self {
        case .brandAdded: "Now add a group to it: groups contain the accounts."
        case .groupAdded: "You can now add accounts to it."
        case .accountPaused: "The bot skips this account until you switch tracking on again."
        case .accountResumed, .accountAdded: "Numbers appear after the bot’s next check."
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
