internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The input that creates or changes an account.
extension AccountJSON {
    private static let texts: [Schema.Field] = [
        .optional("displayName", .text(maximum: 200)), .optional("url", .nullable(.string(format: "uri"))),
        .optional("status", .words("AccountTracking", Tracking.self)), .optional("notes", .text(maximum: 4_000)),
    ]

    static let input = Schema.named(
        "AccountInput",
        .object(
            [
                .field("platform", .words("Platform", Platform.self)),
                .field("handle", .text(minimum: 1, maximum: 100)),
                .field("groupId", .id),
            ] + texts))

    static let change = Schema.named(
        "AccountChange",
        .object([.optional("handle", .text(minimum: 1, maximum: 100)), .optional("groupId", .id)] + texts))

    static func readInput(_ json: JSONValue) throws(Rejection) -> AccountDraft {
        try ObjectReader.read(json) { fields in
            let platform = fields.required("platform", .choice(Platform.self))
            let handle = fields.required("handle", .handle(on: platform))
            let group = fields.required("groupId", .identifier(AccountGroupID.self))
            let common = Common(&fields)
            guard let platform, let handle, let group else { return nil }
            var draft = AccountDraft(platform: platform, handle: handle, group: group)
            draft.displayName = common.displayName ?? ""
            draft.url = common.url.value
            draft.tracking = common.tracking ?? .active
            draft.notes = common.notes ?? ""
            return draft
        }
    }

    static func readChange(_ json: JSONValue, on platform: Platform) throws(Rejection) -> AccountChange {
        try ObjectReader.read(json) { fields in
            if fields.ifGiven("platform", .anything) != nil {
                fields.complain("platform", "cannot be changed: a handle elsewhere is another account.")
            }
            var change = AccountChange()
            change.handle = fields.ifGiven("handle", .handle(on: platform))
            change.group = fields.ifGiven("groupId", .identifier(AccountGroupID.self))
            let common = Common(&fields)
            change.displayName = common.displayName
            change.url = common.url
            change.tracking = common.tracking
            change.notes = common.notes
            return change
        }
    }

    /// The optional fields of both inputs.
    private struct Common {
        let displayName: String?
        let url: Given<String>
        let tracking: Tracking?
        let notes: String?

        init(_ fields: inout ObjectReader) {
            displayName = fields.ifGiven("displayName", .cleaned(TrackedText.displayName))
            url = fields.given("url", .cleaned(ProfileAddress.clean))
            tracking = fields.ifGiven("status", .choice(Tracking.self))
            notes = fields.ifGiven("notes", .cleaned(TrackedText.notes))
        }
    }
}

extension FieldRule where Value == String {
    /// Without a platform only text is required: the missing platform is an error anyway.
    fileprivate static func handle(on platform: Platform?) -> FieldRule {
        .cleaned { text throws(TextRule.Fault) in
            guard let platform else { return text }
            return try AccountHandle.clean(text, on: platform)
        }
    }
}
