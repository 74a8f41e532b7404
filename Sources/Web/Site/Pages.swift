/// All pages, in the order in which people visit them.
enum Pages {
    static let endpoints: [Endpoint] =
        SignInPages.endpoints + PublicPages.endpoints + [ServersPage.endpoint, ProfilePage.endpoint]
        + SessionsPage.endpoints + OverviewPage.endpoints + [
            AccountsPage.endpoint, AccountPage.endpoint, PostsPage.endpoint, BrandsPage.endpoint, UsagePage.endpoint,
            GuildStatusPage.endpoint, AuditPage.endpoint,
        ] + BrandForms.endpoints + GroupForms.endpoints + AccountForms.endpoints + AccountSwitch.endpoints
        + DeletionPage.endpoints
        + SettingsPage.endpoints + GuestsPage.endpoints + APIKeysPage.endpoints
}
