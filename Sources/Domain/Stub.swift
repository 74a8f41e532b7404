package enum Platform: String, Sendable { case x }
package enum AccountStatus: String, Sendable { case x }
package struct GuildAccess: Sendable { package let client: ClientID }
