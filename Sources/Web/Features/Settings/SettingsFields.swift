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
            for setting in SettingsForm.plain {
                html.hidden(SettingsForm.basePrefix + setting.key, view.form.base[setting] ?? "")
            }
            let webhook = SettingsForm.basePrefix + Setting.alertWebhook.key
            html.hidden(webhook, view.form.baseWebhook ?? "")
            html.fieldset(.class("stack"), .flag("disabled", view.isFixed)) { html in
                html.settingsSections(view)
            }
            if !view.isFixed { html.saveBar(PagePath.settings.link(view.guild), isDirty: view.isDirty) }
        }
    }

    private mutating func settingsSections(_ view: SettingsPage.View) {
        for section in Setting.sections {
            bodyCard(CardTitle(section.id, section.title)) { html in
                for setting in section.settings where setting.isToggle { html.switchField(setting, view.form) }
                let typed = section.settings.filter { !$0.isToggle }
                guard !typed.isEmpty else { return }
                html.fields { html in
                    // Texts before numbers, which are short.
                    for setting in typed where setting.range == nil { html.typedField(setting, view) }
                    for setting in typed where setting.range != nil { html.typedField(setting, view) }
                }
                if typed.contains(.postRetentionDays) { html.confirmation(view) }
            }
        }
    }

    private mutating func typedField(_ setting: Setting, _ view: SettingsPage.View) {
        switch setting.kind {
        case .toggle: switchField(setting, view.form)
        case .number(_, let range, _), .optionalNumber(_, let range, _, _): numberField(setting, view.form, range)
        case .timezone: zoneField(setting, view.form)
        case .currency: currencyField(setting, view.form)
        case .webhook: webhookField(setting, view)
        }
    }

    private mutating func confirmation(_ view: SettingsPage.View) {
        if let expiring = view.expiring {
            confirmation(expiring, view.form[.postRetentionDays])
        } else if !view.form.confirmedRetention.isEmpty {
            // Given before, and not to be asked for again over another field.
            hidden(SettingsForm.confirmation, view.form.confirmedRetention)
        }
    }

    /// Confirms only this number of days: another number would delete other posts.
    private mutating func confirmation(_ expiring: RowCount, _ days: String) {
        label(.class("check")) { html in
            html.input(
                .fixed("type", "checkbox"), .text("name", SettingsForm.confirmation), .text("value", days))
            html.text("Delete \(expiring.posts) older than \(Setting.postRetentionDays.text(of: days))")
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

    private mutating func switchField(_ setting: Setting, _ form: SettingsForm) {
        div(.class("field")) { html in
            html.label(.class("check")) { html in
                html.input(
                    .fixed("type", "checkbox"), .text("name", setting.key), .flag("checked", form.isOn(setting)),
                    .text("aria-describedby", "h-\(setting.key)"))
                html.text(setting.label)
            }
            html.hint(setting)
        }
    }

    private mutating func hint(_ setting: Setting) {
        span(.class("hint"), .text("id", "h-\(setting.key)"), text: setting.hint)
    }

    /// Label, hint and error around a control.
    private mutating func field(
        _ setting: Setting, _ form: SettingsForm, control: (inout HTML, [Attribute]) -> Void
    ) {
        let error = form.complaint(setting)
        let (id, name) = ("f-\(setting.key)", setting.key)
        div(.class("field")) { html in
            html.label(.text("for", id), text: setting.label)
            control(
                &html,
                [
                    .text("id", id), .text("name", name), .text("aria-invalid", error == nil ? nil : "true"),
                    .text("aria-describedby", error == nil ? "h-\(name)" : "e-\(name) h-\(name)"),
                ])
            if let error {
                html.span(.class("error"), .text("id", "e-\(name)"), text: "\(setting.label): \(error)")
            }
            html.hint(setting)
        }
    }

    private mutating func numberField(
        _ setting: Setting, _ form: SettingsForm, _ range: ClosedRange<Int64>
    ) {
        field(setting, form) { html, attributes in
            html.void(
                "input",
                attributes + [
                    .fixed("type", "number"), .text("value", form[setting]), .integer("min", Int(range.lowerBound)),
                    .integer("max", Int(range.upperBound)), .fixed("step", "1"), .flag("required", !setting.isOptional),
                ])
        }
    }

    private mutating func zoneField(_ setting: Setting, _ form: SettingsForm) {
        field(setting, form) { html, attributes in
            html.void(
                "input",
                attributes + [
                    .text("value", form[setting]), .fixed("list", "zones"), .flag("required"),
                    .integer("maxlength", 64), .fixed("autocapitalize", "off"), .fixed("spellcheck", "false"),
                ])
            html.element("datalist", [.id("zones")]) { html in
                for place in TimeZones.places { html.void("option", [.text("value", place)]) }
            }
        }
    }

    private mutating func currencyField(_ setting: Setting, _ form: SettingsForm) {
        field(setting, form) { html, attributes in
            html.element("select", attributes) { html in
                let present = form[setting]
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
    private mutating func webhookField(_ setting: Setting, _ view: SettingsPage.View) {
        let stored = view.settings.values.alertWebhook.masked
        field(setting, view.form) { html, attributes in
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

extension Setting {
    fileprivate var isToggle: Bool { if case .toggle = kind { true } else { false } }
}
