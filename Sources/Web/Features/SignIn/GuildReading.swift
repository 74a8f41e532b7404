internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence
internal import Synchronization

/// Refreshes a person's list of Discord servers during their session, so that a role lost there is lost here.
struct GuildReading {
    private let context: LoopContext
    private let user: UserID
    private var world: World { context.world }

    init(_ context: LoopContext, of user: UserID) {
        self.context = context
        self.user = user
    }

    /// Reads the list if it is due, and waits at most `discordTimeout`.
    ///
    /// After an error the stored list stays in use, and the table records the reason.
    func refresh() async {
        guard let application = world.settings.application else { return }
        let slots = world.guildReadings
        guard slots.take() else { return }
        guard let claim = try? await DiscordGrants.claim(user, context.database) else { return slots.giveBack() }
        let reading = self
        await context.loop.wait(atMost: world.settings.discordTimeout) {
            await reading.read(claim, application)
            slots.giveBack()
        }
    }

    private func read(_ claim: DiscordGrants.Claim, _ application: DiscordApplication) async {
        do {
            guard let outcome = try await outcome(claim, application) else { return }
            let user = user
            _ = try await context.database.transaction(for: nil) { transaction in
                try await DiscordGrants.record(outcome, of: user, since: claim.since, transaction)
            }
            // The database notifies as well, but possibly after this request has continued.
            if case .read = outcome { world.sessions.forget(sessionsOf: user) }
        } catch {
            world.log.warning("Discord's list of servers was not stored: \(error)", [("user", user.description)])
        }
    }

    /// Nil if another process holds the row.
    private func outcome(
        _ claim: DiscordGrants.Claim, _ application: DiscordApplication
    ) async throws -> DiscordGrants.Outcome? {
        do {
            guard let guilds = try await guilds(claim, application) else { return nil }
            return .read(guilds)
        } catch let failure as DiscordFailure {
            world.log.warning(
                "Discord's list of servers could not be read: \(failure)", [("user", user.description)])
            return DiscordGrants.Outcome(failure)
        } catch is Unreadable {
            world.log.warning(
                "cannot decrypt a Discord token: was DISCORD_TOKEN_SECRET changed?",
                [("user", user.description)])
            return .unavailable(seconds: 3_600)
        }
    }

    private func guilds(
        _ claim: DiscordGrants.Claim, _ application: DiscordApplication
    ) async throws -> [DiscordGuild]? {
        if !claim.isExpired {
            guard let access = world.vault.open(claim.access, .access, of: user) else { throw Unreadable() }
            do {
                return try await world.discord.guilds(access)
            } catch DiscordFailure.refused {
                // The access token may have expired. Renew it: an invalid refresh token means that access was revoked.
            }
        }
        guard let access = try await renewed(application) else { return nil }
        return try await world.discord.guilds(access)
    }

    /// A new access token.
    ///
    /// The new refresh token is stored before it is used.
    ///
    /// Nil if another process holds the row.
    private func renewed(_ application: DiscordApplication) async throws -> String? {
        guard world.tokenRenewals.take() else { return nil }
        defer { world.tokenRenewals.giveBack() }
        let (user, world) = (user, world)
        return try await context.database.transaction(for: nil) { transaction -> String? in
            guard let sealed = try await DiscordGrants.lockRefreshToken(of: user, transaction) else { return nil }
            guard let sealed else { throw DiscordFailure.refused }
            guard let token = world.vault.open(sealed, .refresh, of: user) else { throw Unreadable() }
            let tokens = try await world.discord.renew(token, application)
            try await DiscordGrants.store(world.vault.seal(tokens, of: user), of: user, transaction)
            return tokens.access.exposed
        }
    }

    /// Encrypted with a secret that is no longer configured.
    private struct Unreadable: Error {}
}

extension DiscordGrants.Outcome {
    init(_ failure: DiscordFailure) {
        switch failure {
        case .refused: self = .revoked
        case .rateLimited(let seconds): self = .rateLimited(seconds: seconds)
        case .unavailable: self = .unavailable(seconds: 60)
        case .wrongApplication: self = .unavailable(seconds: 900)
        }
    }
}
