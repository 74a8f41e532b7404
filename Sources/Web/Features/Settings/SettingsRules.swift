internal import Domain
internal import Formats
internal import HTTP

/// The rules of settings, for the API and the form.
enum SettingsRules {
    static func timezone(_ zones: TimeZones) -> FieldRule<TimeZoneName> {
        FieldRule("must be a time zone of the IANA database, such as Europe/Paris.") { json in
            json.string.flatMap { timezone($0, zones) }
        }
    }

    static func timezone(_ text: String, _ zones: TimeZones) -> TimeZoneName? {
        TimeZoneName(text).flatMap { zones.isKnown($0) ? $0 : nil }
    }

    static let unknownZone = Rejection.Complaint("/timezone", "is not a time zone that the database knows.")

    static let currency = FieldRule<Currency>("must be a currency code of ISO 4217, such as EUR.") { json in
        json.string.flatMap { Currency($0) }
    }

    /// The error does not repeat the input, because it may be the address of another webhook.
    static func webhook(over present: AlertWebhook) -> FieldRule<AlertWebhook> {
        FieldRule(
            """
            must be the address of a Discord webhook, such as https://discord.com/api/webhooks/<id>/<token>, or the \
            masked address that is there now, which keeps it.
            """
        ) { json in
            json.string.flatMap { present.replaced(by: $0) }
        }
    }
}
