internal import Formats

/// A signed-in browser or API client.
package struct SessionID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// Temporary access of a guest.
package struct GuestID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// A key that a bot signs its requests with.
package struct APIKeyID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// A period in which the bot was not online.
package struct BotIncidentID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}
