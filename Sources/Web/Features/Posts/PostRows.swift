internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Posts as table rows, written directly from the database result, because these are the busiest pages.
extension HTML {
    mutating func postRow(_ post: Posts.Post, _ guild: GuildID, _ clock: PageClock, showsAccount: Bool) {
        markup(#"<tr><th scope="row">"#)
        postLink(post)
        if showsAccount {
            markup(#"</th><td data-label="Account" class="any full"><a class="quiet" href=""#)
            accountAddress(post.account, guild)
            markup("\"><bdi>@")
            text(post.handle)
            markup("</bdi></a><span class=\"sub\">")
            platform(named: post.platform)
            markup("</span></td>")
        } else {
            markup("</th>")
        }
        markup(#"<td data-label="Posted" class="num">"#)
        time(post.postedAt, clock)
        markup(#"</td><td data-label="Views" class="num">"#)
        number(post.views)
        markup(#"</td><td data-label="Likes" class="num">"#)
        number(post.likes)
        markup(#"</td><td data-label="Comments" class="num">"#)
        number(post.comments)
        markup(#"</td><td data-label="Shares" class="num">"#)
        number(post.shares)
        markup(#"</td><td data-label="Engagement" class="num">"#)
        out.percent(post.interactions, of: post.views)
        markup("</td></tr>")
    }

    /// The caption, linked to the post if its address is valid.
    mutating func postLink(_ post: Posts.Post) {
        if let url = post.url, isWebAddress(url) {
            markup(#"<a class="clip" href=""#)
            text(url)
            markup(#"" rel="noreferrer">"#)
            caption(post.caption)
            markup("</a>")
        } else {
            markup(#"<span class="clip">"#)
            caption(post.caption)
            markup("</span>")
        }
    }

    /// The page shows two lines of the caption.
    private mutating func caption(_ caption: Span<UInt8>) {
        let limit = 280
        if caption.isEmpty { return markup("Post without text") }
        guard caption.count > limit else { return text(caption) }
        var end = limit
        // Do not cut within the bytes of a character.
        while end > 0, caption[end] & 0xC0 == 0x80 { end -= 1 }
        text(caption.extracting(0..<end))
        markup("…")
    }

    /// The rule of `OutsideLink`, for bytes.
    private func isWebAddress(_ url: Span<UInt8>) -> Bool {
        guard url.count <= 2_000, begins(url, with: "https://") || begins(url, with: "http://") else { return false }
        for index in url.indices where url[index] <= 0x20 || url[index] >= 0x7f { return false }
        return true
    }

    private func begins(_ bytes: Span<UInt8>, with prefix: StaticString) -> Bool {
        guard bytes.count >= prefix.utf8CodeUnitCount else { return false }
        return prefix.withUTF8Buffer { expected in
            for index in 0..<expected.count where unsafe bytes[index] != expected[index] { return false }
            return true
        }
    }

    /// The same address as `PagePath.account.link`.
    mutating func accountAddress(_ account: ClientAccountID, _ guild: GuildID) {
        markup("/guilds/")
        integer(guild.number)
        markup("/accounts/")
        integer(account.number)
    }

    private mutating func platform(named name: Span<UInt8>) {
        guard let (icon, label) = PlatformMark.find(name) else { return text(name) }
        markup(#"<span class="platform">"#)
        self.icon(icon)
        markup(label)
        markup("</span>")
    }
}

/// Finds the icon and name of a platform by the bytes of its name.
private enum PlatformMark {
    static func find(_ name: Span<UInt8>) -> (Icon, StaticString)? {
        guard let first = name.isEmpty ? nil : name[0] else { return nil }
        // The first letter decides, or the second after a `t`.
        switch (first, name.count) {
        case (UInt8(ascii: "i"), 9): return (.instagram, "Instagram")
        case (UInt8(ascii: "t"), 6): return name[1] == UInt8(ascii: "i") ? (.tiktok, "TikTok") : (.twitch, "Twitch")
        case (UInt8(ascii: "t"), 7): return (.threads, "Threads")
        case (UInt8(ascii: "y"), 7): return (.youtube, "YouTube")
        case (UInt8(ascii: "x"), 1): return (.x, "X")
        case (UInt8(ascii: "f"), 8): return (.facebook, "Facebook")
        default: return nil
        }
    }
}
