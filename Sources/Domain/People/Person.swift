package struct Person: Sendable, Equatable {
    package let id: UserID
    package let username: String
    package let globalName: String?
    package let avatar: String?
    package let email: String?
    package let locale: String?

    package init(
        id: UserID, username: String, globalName: String?, avatar: String?, email: String?, locale: String?
    ) {
        self.id = id
        self.username = username
        self.globalName = globalName
        self.avatar = avatar
        self.email = email
        self.locale = locale
    }

    package var displayName: String { globalName ?? username }
}

/// A guild of a person's Discord list, with or without the bot.
package struct DiscordGuild: Sendable, Equatable {
    package let id: GuildID
    package let name: String
    package let icon: String?
    package let permissions: Permissions
    package let isOwner: Bool

    package init(id: GuildID, name: String, icon: String?, permissions: Permissions, isOwner: Bool) {
        self.id = id
        self.name = name
        self.icon = icon
        self.permissions = permissions
        self.isOwner = isOwner
    }
}
