internal import Formats

/// A Discord server.
package struct GuildID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// A Discord user.
package struct UserID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}
