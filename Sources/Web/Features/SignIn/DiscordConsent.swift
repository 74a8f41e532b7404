internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence

/// A person's consent at Discord, and its revocation.
struct DiscordConsent {
    private let user: UserID
    private let call: Call

    init(of user: UserID, _ call: Call) {
        self.user = user
        self.call = call
    }

    /// Deletes Discord's tokens here and revokes them at Discord.
    ///
    /// That revokes all of the person's tokens at once, so it is done only for a sign-out everywhere.
    ///
    /// The sessions have ended before; an error here does not restore them. If Discord is unreachable, the tokens are
    /// only deleted here, and expire there.
    func revoke() async {
        let world = call.world
        do {
            guard let application = world.settings.application,
                let sealed = try await DiscordGrants.forget(user, call.database),
                let token = world.vault.open(sealed, .refresh, of: user)
            else { return }
            let (user, request) = (user.description, call.request.id)
            await call.loop.wait(atMost: world.settings.discordTimeout) {
                do {
                    try await world.discord.revoke(token, application)
                } catch {
                    world.log.warning(
                        "Discord did not revoke the tokens: \(error)", [("user", user), ("request", request)])
                }
            }
        } catch {
            world.log.warning(
                "could not delete Discord tokens: \(error)",
                [("user", user.description), ("request", call.request.id)])
        }
    }
}
