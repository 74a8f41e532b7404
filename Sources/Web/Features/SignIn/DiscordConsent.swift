internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence

/// What Discord lets the service do for a person, and its end.
struct DiscordConsent {
    private let user: UserID
    private let call: Call

    init(of user: UserID, _ call: Call) {
        self.user = user
        self.call = call
    }

    /// Forgets Discord's tokens here and has Discord forget them: at Discord that ends all of the person's at once, so
    /// it belongs to nothing less than logging out everywhere.
    ///
    /// The sessions have ended already, and whatever goes wrong here does not bring them back. While Discord is away
    /// the tokens are only gone here; there they end when they would have.
    func revoke() async {
        let world = call.world
        do {
            guard let application = world.settings.application,
                let sealed = try await DiscordGrants.forget(user, call.database),
                let token = world.vault.open(sealed, .refresh, of: user)
            else { return }
            let (user, request) = (user.description, call.request.id)
            await call.loop.wait(atMost: world.settings.discordPatience) {
                do {
                    try await world.discord.revoke(token, application)
                } catch {
                    world.log.warning(
                        "Discord did not revoke its tokens: \(error)", [("user", user), ("request", request)])
                }
            }
        } catch {
            world.log.warning(
                "Discord's tokens were not forgotten: \(error)",
                [("user", user.description), ("request", call.request.id)])
        }
    }
}
