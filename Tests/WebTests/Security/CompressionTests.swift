import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Requests that another site can start in a browser are not compressed, so that the size reveals nothing (BREACH).
@Suite struct `A compressed answer` {
    let test = TestSite.shared

    func isCompressible(_ path: String, query: String = "", _ headers: [(String, String)]) async -> Bool {
        await test.ask(.get, path, query: query, headers: headers).isCompressible
    }

    @Test func `is sent only if no other site can have started the request`() async throws {
        let cast = try await Cast()
        let cookies = ("Cookie", test.cookie(try await test.enter(cast.alice.user)))
        let path = "/guilds/\(cast.alice.guild)/tracking/accounts"
        let missing = "/guilds/1/tracking/accounts"
        for site in ["same-origin", "none"] {
            #expect(await isCompressible(path, query: "q=guess", [cookies, ("Sec-Fetch-Site", site)]))
            #expect(await isCompressible(missing, [cookies, ("Sec-Fetch-Site", site)]))
        }
        for site in ["cross-site", "same-site", "", "Same-Origin", "\u{e9}"] {
            for (path, query) in [(path, "q=guess"), (path, ""), (missing, ""), ("/api/v1/auth/me", "")] {
                let answer = await isCompressible(path, query: query, [cookies, ("Sec-Fetch-Site", site)])
                #expect(!answer, "\(path)?\(query) from \(site)")
            }
        }
        let twice = [cookies, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none")]
        #expect(await !isCompressible(path, twice))
    }

    @Test func `without Sec-Fetch-Site contains no text that another site chose`() async throws {
        let cast = try await Cast()
        let cookies = ("Cookie", test.cookie(try await test.enter(cast.alice.user)))
        let path = "/guilds/\(cast.alice.guild)/tracking/accounts"
        #expect(await isCompressible(path, [cookies]))
        #expect(await !isCompressible(path, query: "q=guess", [cookies]))
        #expect(await !isCompressible("/guilds/1/tracking/accounts", [cookies]))
        #expect(await !isCompressible("/nothing/guess", [cookies]))
    }

    @Test func `is sent to programs, visitors and for files`() async throws {
        let cast = try await Cast()
        let token = try await test.signIn(cast.alice.user)
        let path = "/api/v1/guilds/\(cast.alice.guild)/accounts"
        let answer = await test.ask(
            .get, path, query: "q=guess", as: token, headers: [("Sec-Fetch-Site", "cross-site")])
        #expect(answer.status == 200 && answer.isCompressible)
        #expect(await isCompressible("/status", query: "", [("Sec-Fetch-Site", "cross-site")]))
        let asset = try #require(
            await test.ask(.get, "/status").text.firstMatch(of: /href="(\/assets\/[^"]+\.css)"/)?.1)
        #expect(await isCompressible(String(asset), [("Cookie", "theme=dark"), ("Sec-Fetch-Site", "cross-site")]))
    }

    @Test func `has the same size for a right and a wrong guess`() async throws {
        let cast = try await Cast()
        let secret = "Zephyr-Quartz-\(Cast.number())"
        let access = cast.alice
        _ = try await ask { try await $0.rows("UPDATE users SET username = \(secret) WHERE id = \(access.user)") }
        var access2 = try await test.enter(access.user)
        access2 = TokenPair(
            access: AccessToken(
                user: access.user, session: access2.access.session, username: secret, guilds: nil,
                issuedAt: Timestamp.now.seconds),
            refresh: access2.refresh)
        let cookies = ("Cookie", test.cookie(access2))
        let path = "/guilds/\(access.guild)/tracking/accounts"
        let wrong = String(secret.reversed())
        func sizes(_ guess: String, from site: String) async -> [Int] {
            var sizes: [Int] = []
            for _ in 1...50 {
                let answer = await test.ask(
                    .get, path, query: "q=\(guess)", headers: [cookies, ("Sec-Fetch-Site", site)])
                #expect(answer.status == 200 && answer.text.contains(guess) && answer.text.contains(secret))
                guard case .bytes(let bytes) = answer.body else { continue }
                sizes.append(answer.isCompressible ? Gzip(level: 1).compress(bytes)?.count ?? 0 : bytes.count)
            }
            return sizes
        }
        let (right, other) = (await sizes(secret, from: "cross-site"), await sizes(wrong, from: "cross-site"))
        #expect(right.count == 50 && Set(right).count == 1 && Set(right) == Set(other))
        // With compression the sizes differ, so the test above can fail.
        let (own, ownWrong) = (await sizes(secret, from: "same-origin"), await sizes(wrong, from: "same-origin"))
        #expect(own.reduce(0, +) < ownWrong.reduce(0, +))
    }

    @Test func `has another form token in each page`() throws {
        let pages = (1...50).map { _ in FormToken.make(for: SessionID(number: 7), keys: test.keys) }
        // Over all pages, each position has many letters: none of them is constant.
        for place in 0..<42 { #expect(Set(pages.map { Array($0.utf8)[place] }).count > 10) }
    }
}
