internal import Domain
internal import Formats
internal import HTTP

/// The public pages.
enum PublicPages {
    static let favicon: Path<> = Path("/favicon.ico")

    static let endpoints: [Endpoint] = [
        .open(.get, PagePath.status, .page, "The bot's status", .html) { await StatusPage.response($0) },
        .open(.get, PagePath.docs, .page, "A readable reference of the API", .html) { DocsPage.response($0) },
        .open(.get, PagePath.terms, .page, "Terms of use", .html) { LegalPages.terms($0) },
        .open(.get, PagePath.privacy, .page, "Privacy", .html) { LegalPages.privacy($0) },
        ThemeEndpoint.endpoint,
        // Pages name their icon. This is for programs that fetch the default address.
        .open(.get, favicon, .asset, "The site's icon", .redirect()) { call in
            Response(status: 302, headers: [("Location", .text(call.world.assets.link("favicon-good.svg").text))])
        }.uncounted(),
    ]
}
