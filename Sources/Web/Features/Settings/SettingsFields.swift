internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    /// The form in its sections, with hidden fields for the values it was opened with.
    mutating func settingsForm(_ view: SettingsPage.View, _ frame: Frame) {
        form(
            .class("stack"), .fixed("method", "post"), .action(PagePath.settings.link(view.guild)),
            .flag("data-guard"), .flag("data-dirty", view.isDirty), .fixed("autocomplete", "off")
        ) { html in
            html.formToken(frame)
            html.hidden("version", String(view.form.version))
            for field in SettingsForm.plain {
                html.hidden(SettingsForm.basePrefix + field.rawValue, view.form.base[field] ?? "")
            }
            let webhook = SettingsForm.basePrefix + SettingsField.alertWebhookUrl.rawValue
            html.hidden(webhook, view.form.baseWebhook ?? "")
            html.fieldset(.class("stack"), .flag("disabled", view.isFixed)) { html in
                html.settingsSections(view)
            }
            if !view.isFixed { html.saveBar(PagePath.settings.link(view.guild), isDirty: view.isDirty) }
        }
    }

    private mutating func settingsSections(_ view: SettingsPage.View) {
        let form = view.form
        bodyCard(CardTitle("tracking", "Tracking")) { html in
            html.switchField(.trackingEnabled, form)
            html.fields { html in
                html.numberField(.checkIntervalMinutes, form, ServerSettings.checkIntervals)
                html.numberField(.postRetentionDays, form, ServerSettings.retentions, isOptional: true)
            }
            if let expiring = view.expiring {
                html.confirmation(expiring, form[.postRetentionDays])
            } else if !form.confirmedRetention.isEmpty {
                // Confirmed before: do not ask again because of an error in another field.
                html.hidden(SettingsForm.confirmation, form.confirmedRetention)
            }
        }
        bodyCard(CardTitle("region", "Time and money")) { html in
            html.fields { html in
                html.zoneField(form)
                html.currencyField(form)
            }
        }
        bodyCard(CardTitle("alerts", "Alerts")) { html in
            html.switchField(.notificationsEnabled, form)
            html.switchField(.statusNotices, form)
            html.fields { html in
                html.webhookField(view)
                html.numberField(.nearMissPercent, form, ServerSettings.nearMissPercents)
            }
        }
        bodyCard(CardTitle("access", "Access")) { $0.switchField(.memberAccess, form) }
    }

    /// Confirms only this number of days: another number would delete other posts.
    private mutating func confirmation(_ expiring: RowCount, _ days: String) {
        label(.class("check")) { html in
            html.input(
                .fixed("type", "checkbox"), .text("name", SettingsForm.confirmation), .text("value", days))
            html.text("Delete \(expiring.posts) older than \(SettingsField.postRetentionDays.text(of: days))")
        }
    }

    private mutating func fields(content: Content) { div(.class("fields"), content: content) }

    /// Shown while there are unsaved changes; without scripts always.
    private mutating func saveBar(_ page: Link, isDirty: Bool) {
        div(.class("savebar")) { html in
            html.p(.fixed("role", "status"), .flag("data-unsaved", true)) { html in
                if isDirty { html.text("You have unsaved changes.") }
            }
            html.div(.class("actions")) { html in
                html.a(.class("button"), .href(page), .flag("data-discard"), text: "Discard")
                html.button(.class("button primary"), text: "Save")
            }
        }
    }

    // MARK: Fields

    private mutating func switchField(_ field: SettingsField, _ form: SettingsForm) {
        div(.class("field")) { html in
            html.label(.class("check")) { html in
                html.input(
                    .fixed("type", "checkbox"), .text("name", field.rawValue), .flag("checked", form.isOn(field)),
                    .text("aria-describedby", "h-\(field.rawValue)"))
                html.text(field.label)
            }
            html.hint(field)
        }
    }

    private mutating func hint(_ field: SettingsField) {
        span(.class("hint"), .text("id", "h-\(field.rawValue)"), text: field.hint)
    }

    /// Label, hint and error around a control.
    private mutating func field(
        _ field: SettingsField, _ form: SettingsForm, control: (inout HTML, [Attribute]) -> Void
    ) {
        let error = form.complaint(field)
        let (id, name) = ("f-\(field.rawValue)", field.rawValue)
        div(.class("field")) { html in
            html.label(.text("for", id), text: field.label)
            control(
                &html,
                [
                    .text("id", id), .text("name", name), .text("aria-invalid", error == nil ? nil : "true"),
                    .text("aria-describedby", error == nil ? "h-\(name)" : "e-\(name) h-\(name)"),
                ])
            if let error {
                html.span(.class("error"), .text("id", "e-\(name)"), text: "\(field.label): \(error)")
            }
            html.hint(field)
        }
    }

    private mutating func numberField(
        _ field: SettingsField, _ form: SettingsForm, _ range: ClosedRange<Int64>, isOptional: Bool = false
    ) {
        self.field(field, form) { html, attributes in
            html.void(
                "input",
                attributes + [
                    .fixed("type", "number"), .text("value", form[field]), .integer("min", Int(range.lowerBound)),
                    .integer("max", Int(range.upperBound)), .fixed("step", "1"), .flag("required", !isOptional),
                ])
        }
    }

    private mutating func zoneField(_ form: SettingsForm) {
        field(.timezone, form) { html, attributes in
            html.void(
                "input",
                attributes + [
                    .text("value", form[.timezone]), .fixed("list", "zones"), .flag("required"),
                    .integer("maxlength", 64), .fixed("autocapitalize", "off"), .fixed("spellcheck", "false"),
                ])
            html.element("datalist", [.id("zones")]) { html in
                for place in TimeZones.places { html.void("option", [.text("value", place)]) }
            }
        }
    }

    private mutating func currencyField(_ form: SettingsForm) {
        field(.currency, form) { html, attributes in
            html.element("select", attributes) { html in
                let present = form[.currency]
                if Currency(present) == nil { html.option(.text("value", present), .flag("selected"), text: present) }
                for (currency, name) in Currency.list {
                    html.option(
                        .text("value", currency.code), .flag("selected", currency.code == present),
                        text: "\(currency.code) · \(name)")
                }
            }
        }
    }

    /// The typed address is never shown; the stored one is shown by its id.
    private mutating func webhookField(_ view: SettingsPage.View) {
        let stored = view.settings.values.alertWebhook.masked
        field(.alertWebhookUrl, view.form) { html, attributes in
            if let typed = view.typedWebhook, let webhook = view.form.webhook {
                html.hidden("typedWebhook", typed)
                html.span(.class("sub"), text: "Typed and not saved yet: \(webhook.masked)")
            }
            html.span(.class("sub"), text: stored.map { "Now: \($0)" } ?? "Not set.")
            html.void(
                "input",
                attributes + [
                    .fixed("type", "password"), .integer("maxlength", 300), .fixed("spellcheck", "false"),
                    .text(
                        "placeholder", stored == nil ? "https://discord.com/api/webhooks/…" : "Leave empty to keep it"),
                ])
            guard stored != nil else { return }
            html.label(.class("check")) { html in
                html.input(
                    .fixed("type", "checkbox"), .fixed("name", "removeWebhook"),
                    .flag("checked", view.form.removesWebhook))
                html.text("Remove the webhook")
            }
        }
    }
}
