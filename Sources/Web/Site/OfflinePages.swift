internal import Domain
internal import Formats
internal import HTTP

extension Site {
    func storePage(_ response: Response, _ visit: Visit, since epoch: UInt64) {
        guard visit.endpoint.kind == .page, visit.endpoint.access != .anyone, visit.request.method == .get,
            response.status == 200, case .bytes(let body) = response.body, let session = visit.identity.session
        else { return }
        let guild = visit.segments.first.flatMap { GuildID($0) }
        world.lastPages.keep(
            .init(body: body, seen: world.now(), user: session.user, guild: guild, expires: session.expires),
            at: .init(session: session.id, address: visit.request.address), since: epoch)
    }

    /// The page as this browser last received it, if its access token is valid.
    ///
    /// The check needs no database.
    func offlinePage(_ visit: Visit) -> Response? {
        guard visit.endpoint.kind == .page, visit.request.method == .get,
            let text = try? Cookies(visit.request.headers).value(world.cookies.access),
            let token = AccessToken(ArraySlice(text.utf8), keys: world.keys, now: world.now().seconds),
            let page = world.lastPages.page(
                at: .init(session: token.session, address: visit.request.address), world.now())
        else { return nil }
        let kept = KeptPage(page.body.array)
        let body = kept.filled(with: world.live.latest, world.now(), world.assets)
        var html = HTML(capacity: body.count + 1_024)
        html.offlinePage(
            body, of: page.seen, PageClock(now: world.now(), zone: kept.zone),
            again: Link(ReturnPath(visit.request.address) ?? .home))
        var response = Response.text(200, "text/html; charset=utf-8", html.finish())
        response.add("Dashboard-As-Of", text: page.seen.description)
        return response
    }
}

extension HTML {
    fileprivate mutating func offlinePage(
        _ body: [UInt8], of seen: Timestamp, _ clock: PageClock, again: Link
    ) {
        let bytes = body.span
        let end = bytes.end(of: LastPages.place) ?? 0
        out.raw(bytes.extracting(0..<end))
        notice(.warn, action: { $0.button("Try again", again) }) { html in
            html.strong(text: "The database is unreachable right now.")
            html.text(" This is the page as of ")
            html.exactTime(seen, clock)
            html.text(", and nothing can be changed until it is back.")
        }
        out.raw(bytes.extracting(end..<bytes.count))
    }
}

extension Span<UInt8> {
    /// The index after the first occurrence of these bytes.
    fileprivate func end(of text: StaticString) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length <= count else { return nil }
        return text.withUTF8Buffer { wanted in
            (0...count - length).first { start in (0..<length).allSatisfy { unsafe self[start + $0] == wanted[$0] } }
                .map { $0 + length }
        }
    }
}
