import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The numbers of a post` {
    let test = TestSite.shared

    /// Every number is another one, so that none can be taken for another.
    private func prepare() async throws -> (Cast, AccessToken, ClientAccountID) {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        try await seed.engage(try await seed.post("seen", by: account, views: 80), likes: 5, comments: 3, shares: 2)
        try await seed.engage(
            try await seed.post("unseen", by: account, posted: .hours(2)), likes: 1, comments: 0, shares: 0)
        return (cast, try await test.signIn(cast.bob.user), account)
    }

    @Test func `have likes, comments and shares in relation to the views as engagement`() async throws {
        let (cast, bob, _) = try await prepare()
        let list = await test.ask(.get, "/api/v1/guilds/\(cast.alice.guild)/posts", as: bob).text
        #expect(list.contains(#""views":80,"likes":5,"comments":3,"shares":2,"engagementRate":0.1250,"#))
        #expect(list.contains(#""views":0,"likes":1,"comments":0,"shares":0,"engagementRate":null,"#))
    }

    @Test func `are the same on the pages`() async throws {
        let (cast, bob, account) = try await prepare()
        for path in ["tracking/posts", "accounts/\(account)"] {
            let page = await test.ask(.get, "/guilds/\(cast.alice.guild)/\(path)", as: bob).text
            for (label, value) in [
                ("Views", "80"), ("Likes", "5"), ("Comments", "3"), ("Shares", "2"), ("Engagement", "12.5%"),
            ] {
                #expect(page.contains(#"<td data-label="\#(label)" class="num">\#(value)</td>"#), "\(path): \(label)")
            }
        }
    }
}
