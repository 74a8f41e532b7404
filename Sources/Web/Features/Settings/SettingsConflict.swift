internal import Domain
internal import Persistence

/// Two admins changed the settings at once: what the first saved beside what the second typed.
struct SettingsConflict: Sendable {
    /// One setting that at least one of both changed.
    struct Row: Sendable, Equatable {
        let setting: Setting
        let was: String
        let saved: String
        let typed: String

        var isChangedByBoth: Bool { was != saved && was != typed && saved != typed }
    }

    let rows: [Row]
    /// The second's changes on top of the version that is there now.
    let merged: SettingsForm

    init(_ form: SettingsForm, over present: OpenedSettings) {
        let now = SettingsForm(present)
        var merged = form
        merged.version = now.version
        merged.base = now.values
        var rows: [Row] = []
        for setting in SettingsForm.plain {
            let (was, saved, typed) = (form.base[setting] ?? "", now[setting], form[setting])
            // What the second left alone stays as the first saved it.
            if typed == was { merged.values[setting] = saved }
            if was != saved || was != typed { rows.append(Row(setting: setting, was: was, saved: saved, typed: typed)) }
        }
        let saved = now.baseWebhook ?? ""
        let was = form.baseWebhook ?? saved
        let typed = form.webhook?.masked ?? (form.removesWebhook ? "" : was)
        if was != saved || was != typed || form.webhook != nil {
            rows.append(Row(setting: .alertWebhook, was: was, saved: saved, typed: typed))
        }
        merged.baseWebhook = saved
        self.rows = rows
        self.merged = merged
    }
}
