internal import Domain
internal import Formats
internal import HTTP

/// The icons, one for each file below `Assets/icons`.
enum Icon: String, CaseIterable, Sendable {
    case accounts, alerts, audit, auto, bad, brands, chevron, clock, device, external, groups
    case info, menu, moon, ok, overview, plus, posts, search, servers, settings
    case signOut = "sign-out"
    case status, sun, usage, user, warning
    case instagram, tiktok, youtube, x, facebook, threads, twitch

    init(_ platform: Platform) {
        switch platform {
        case .instagram: self = .instagram
        case .tiktok: self = .tiktok
        case .youtube: self = .youtube
        case .x: self = .x
        case .facebook: self = .facebook
        case .threads: self = .threads
        case .twitch: self = .twitch
        }
    }

    /// The content of the file's `svg` element; the start tag is the same for all.
    var shape: [UInt8] { Self.shapes[self] ?? [] }

    private static let shapes: [Icon: [UInt8]] = {
        var shapes: [Icon: [UInt8]] = [:]
        for file in EmbeddedFile.all {
            guard file.name.hasPrefix("icons/"), let icon = Icon(rawValue: String(file.name.dropFirst(6).dropLast(4)))
            else { continue }
            let bytes = Array(file.text.description.utf8)
            let mark = UInt8(ascii: ">")
            guard let start = bytes.firstIndex(of: mark), let end = bytes.lastIndex(of: mark), start < end else {
                continue
            }
            shapes[icon] = Array(bytes[(start + 1)...end])
        }
        return shapes
    }()
}

extension HTML {
    mutating func icon(_ icon: Icon) {
        // The style is in the stylesheet, because a page has dozens of icons.
        markup(#"<svg class="icon" width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">"#)
        out.raw(icon.shape)
    }

    /// The mark of an expandable element.
    mutating func chevron() {
        markup(#"<svg class="icon chevron" width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">"#)
        out.raw(Icon.chevron.shape)
    }

    mutating func logo() {
        markup(
            """
            <svg class="logo" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" \
            stroke-width="2.5" stroke-linecap="round" aria-hidden="true">\
            <path d="M3.5 19.5v-5M9 19.5V9.5M14.5 19.5v-7M20 19.5v-4"/>\
            <circle cx="20" cy="7.5" r="3" fill="currentColor" stroke="none"/></svg>
            """)
    }
}
