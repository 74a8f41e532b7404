/// All pages, in the order in which people meet them.
enum Pages {
    static let endpoints: [Endpoint] = SignInPages.endpoints + PublicPages.endpoints
}
