internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A conflict of two admins: the values that the first saved beside the second's input.
struct SettingsConflict: Sendable {
    /// A setting that at least one of them changed.
    struct Row: Sendable, Equatable {
        let setting: Setting
        let was: String
        let saved: String
        let typed: String

        var isChangedByBoth: Bool { was != saved && was != typed && saved != typed }
    }

    let rows: [Row]
    /// The second's changes applied to the current version.
    let merged: SettingsForm

    init(_ form: SettingsForm, over present: OpenedSettings) {
        let now = SettingsForm(present)
        var merged = form
        merged.version = now.version
        merged.base = now.values
        var rows: [Row] = []
        for setting in SettingsForm.plain {
            let (was, saved, typed) = (form.base[setting] ?? "", now[setting], form[setting])
            // If the second did not change a field, the first's value stays.
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
