internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A conflict of two admins: the values that the first saved beside the second's input.
struct SettingsConflict: Sendable {
    /// The settings that at least one of them changed.
    let rows: [FieldConflict]
    /// The second's changes applied to the current version.
    let merged: SettingsForm

    init(_ form: SettingsForm, over present: OpenedSettings) {
        let now = SettingsForm(present)
        var merged = form
        merged.version = now.version
        merged.base = now.values
        var rows: [FieldConflict] = []
        for setting in SettingsForm.plain {
            let (was, saved, typed) = (form.base[setting] ?? "", now[setting], form[setting])
            // If the second did not change a field, the first's value stays.
            if typed == was { merged.values[setting] = saved }
            if was != saved || was != typed { rows.append(setting.conflict(was, saved, typed)) }
        }
        let saved = now.baseWebhook ?? ""
        let was = form.baseWebhook ?? saved
        let typed = form.webhook?.masked ?? (form.removesWebhook ? "" : was)
        if was != saved || was != typed || form.webhook != nil {
            rows.append(Setting.alertWebhook.conflict(was, saved, typed))
        }
        merged.baseWebhook = saved
        self.rows = rows
        self.merged = merged
    }
}

extension Setting {
    fileprivate func conflict(_ was: String, _ saved: String, _ typed: String) -> FieldConflict {
        FieldConflict(name: key, label: label, was: was, saved: saved, typed: typed)
    }
}
