import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `A window of requests` {
    let start = ContinuousClock.now

    @Test func `slides, since each request expires on its own`() throws {
        let counter = WindowCounter<Int>(policy: "test", limit: 2, window: 60)
        #expect(try counter.count(1, at: start).remaining == 1)
        #expect(try counter.count(1, at: start + .seconds(30)).remaining == 0)
        let used = #expect(throws: RateLimiter.UsedUp.self) {
            try counter.count(1, at: start + .milliseconds(59_999))
        }
        #expect(used?.quota.secondsLeft == 1)
        #expect(try counter.count(2, at: start + .seconds(59)).remaining == 1)
        // The refused one was not counted, and the second one is not expired.
        #expect(try counter.count(1, at: start + .seconds(60)).remaining == 0)
        let again = #expect(throws: RateLimiter.UsedUp.self) { try counter.count(1, at: start + .seconds(60)) }
        #expect(again?.quota.secondsLeft == 30)
        #expect(try counter.count(1, at: start + .seconds(90)).remaining == 0)
    }

    @Test func `never accepts more than the limit within any window`() throws {
        let counter = WindowCounter<Int>(policy: "test", limit: 60, window: 60)
        var (passed, generator, time): ([Int], RandomNumberGeneratorForTests, Int) = ([], .init(seed: 7), 0)
        // Bursts and pauses of odd milliseconds, for twenty minutes.
        while time < 1_200_000 {
            time += generator.next() % 4 == 0 ? Int(generator.next() % 9_000) : Int(generator.next() % 40)
            if (try? counter.count(1, at: start + .milliseconds(time))) != nil { passed.append(time) }
        }
        #expect(passed.count > 600)
        for (index, first) in passed.enumerated() {
            let within = passed[index...].prefix { $0 < first + 60_000 }.count
            #expect(within <= 60, "\(within) from \(first)")
        }
    }

    @Test func `accepts requests again after the announced wait`() throws {
        for (limit, gap) in [(60, 500), (60, 7), (1_000, 3), (10, 5_000)] {
            let counter = WindowCounter<Int>(policy: "test", limit: limit, window: 60)
            var now = start
            for _ in 0..<limit {
                _ = try counter.count(1, at: now)
                now += .milliseconds(gap)
            }
            let used = #expect(throws: RateLimiter.UsedUp.self) { try counter.count(1, at: now) }
            let wait = try #require(used?.quota.secondsLeft)
            #expect(throws: RateLimiter.UsedUp.self) { try counter.count(1, at: now + .seconds(wait - 1)) }
            #expect(throws: Never.self) { try counter.count(1, at: now + .seconds(wait)) }
        }
    }

    @Test func `has a bounded number of entries for a key, even with a high limit`() {
        var window = SlidingWindow()
        for time in stride(from: Int64(0), to: 300_000, by: 7) {
            window.expire(before: time - 60_000)
            window.add(at: time, window: 60_000)
            #expect(window.size <= SlidingWindow.entryCount)
            // All of the last minute, and at most a 128th more.
            #expect(time < 60_000 || (8_571...8_640).contains(window.count))
        }
    }

    @Test func `returns the time to wait, rounded up`() throws {
        let counter = WindowCounter<Int>(policy: "test", limit: 5, window: 60)
        #expect(try counter.count(1, at: start).secondsLeft == 60)
        #expect(try counter.count(1, at: start + .milliseconds(500)).secondsLeft == 60)
        #expect(try counter.count(1, at: start + .milliseconds(1_000)).secondsLeft == 59)
    }

    @Test func `takes bounded memory for a million keys, and still limits active keys`() throws {
        let counter = WindowCounter<Int>(policy: "test", limit: 10, window: 900, capacity: 2_000)
        var refusals = 0
        for key in 1...1_000_000 {
            _ = try counter.count(key, at: start)
            if key.isMultiple(of: 500), (try? counter.count(0, at: start)) == nil { refusals += 1 }
        }
        #expect(counter.size <= 2_000)
        #expect(refusals == 1_990)
    }

    @Test func `is removed when it is over`() throws {
        let counter = WindowCounter<Int>(policy: "test", limit: 10, window: 60)
        for key in 1...100 { _ = try counter.count(key, at: start) }
        for turn in 1...2 { _ = try counter.count(0, at: start + .seconds(60 * turn)) }
        #expect(counter.size == 1)
    }
}

@Suite struct `Limits of requests` {
    let clock = SteppedClock()

    func site(perMinute: Int = 60, proxies: String = "10.0.0.0/8") -> TestSite {
        var settings = TestSite.settings
        settings.requestsPerMinute = perMinute
        settings.signInsPer15Minutes = 10
        settings.trustedProxies = TrustedProxies([AddressRange(proxies)].compactMap { $0 })
        return TestSite(settings, clock: clock.steady)
    }

    func begin(_ test: TestSite, from peer: String = "203.0.113.1", _ headers: [(String, String)] = []) async throws
        -> Response
    {
        await test.ask(.get, "/api/v1/auth/discord", headers: headers, peer: try #require(IPAddress(peer)))
    }

    @Test func `refuse the 61st request of a person in a minute`() async throws {
        let test = site()
        let cast = try await Cast()
        let token = try await test.signIn(cast.alice.user)
        for number in 1...60 {
            clock.advance(.milliseconds(500))
            let answer = await test.ask(.get, "/api/v1/auth/me", as: token)
            #expect(answer.header("RateLimit-Policy") == #""user";q=60;w=60"#)
            #expect(answer.header("RateLimit")?.hasPrefix(#""user";r=\#(60 - number);t="#) == true)
        }
        clock.advance(.milliseconds(500))
        let refused = await test.ask(.get, "/api/v1/auth/me", as: token)
        #expect(refused.status == 429)
        #expect(refused.header("RateLimit-Policy") == #""user";q=60;w=60"#)
        #expect(refused.header("RateLimit") == #""user";r=0;t=30"#)
        #expect(refused.header("Retry-After") == "30")
        #expect(await test.ask(.get, "/healthz", as: token).status == 200)
        clock.advance(.seconds(30))
        #expect(await test.ask(.get, "/api/v1/auth/me", as: token).status == 200)
        #expect(await test.ask(.get, "/api/v1/auth/me", as: token).status == 429)
    }

    @Test(arguments: ["/status", "/api/v1/status", "/terms", "/privacy", "/docs", "/login"])
    func `do not apply to public pages`(path: String) async throws {
        let test = site(perMinute: 1)
        let tokens = try await test.enter(try await Cast().alice.user)
        let headers = [("Cookie", test.cookie(tokens))]
        let open = await test.ask(.get, path)
        for _ in 1...2 { _ = await test.ask(.get, "/account", headers: headers) }
        #expect(await test.ask(.get, "/account", headers: headers).status == 429)
        // Neither refused nor counted.
        for _ in 1...3 {
            let answer = await test.ask(.get, path, headers: headers)
            #expect(answer.status == (path == "/login" ? 303 : open.status))
            #expect(answer.header("RateLimit") == nil)
        }
    }

    @Test func `refuse requests of one tenant's people over their common limit, and no others`() async throws {
        var settings = TestSite.settings
        settings.requestsPerTenantPerMinute = 3
        let test = TestSite(settings, clock: clock.steady)
        let cast = try await Cast()
        let path = "/api/v1/guilds/\(cast.alice.guild)"
        let (alice, bob) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.bob.user))
        let charlie = try await test.signIn(cast.charlie.user)
        // Requests for another tenant's guild are not counted.
        for _ in 1...5 { #expect(await test.ask(.get, path, as: charlie).status == 404) }
        for (number, person) in [alice, bob, alice].enumerated() {
            let answer = await test.ask(.get, path, as: person)
            #expect(answer.status == 200)
            #expect(answer.header("RateLimit-Policy") == #""user";q=1000000;w=60, "tenant";q=3;w=60"#)
            #expect(answer.header("RateLimit")?.hasSuffix(#", "tenant";r=\#(2 - number);t=60"#) == true)
        }
        clock.advance(.seconds(20))
        let refused = await test.ask(.get, path, as: bob)
        #expect(refused.status == 429)
        #expect(refused.header("RateLimit") == #""tenant";r=0;t=40"#)
        #expect(refused.header("Retry-After") == "40")
        #expect(await test.ask(.get, "/api/v1/auth/me", as: bob).status == 200)
        let own = await test.ask(.get, "/api/v1/guilds/\(cast.charlie.guild)", as: charlie)
        #expect(own.status == 200)
        clock.advance(.seconds(40))
        #expect(await test.ask(.get, path, as: bob).status == 200)
    }

    @Test func `refuse the 11th sign-in from an address in 15 minutes`() async throws {
        let test = site()
        for number in 1...10 {
            let answer = try await begin(test)
            #expect(answer.status == 302)
            #expect(answer.header("RateLimit") == #""sign-in";r=\#(10 - number);t=900"#)
        }
        clock.advance(.seconds(100))
        let refused = try await begin(test)
        #expect(refused.status == 429)
        #expect(refused.header("RateLimit-Policy") == #""sign-in";q=10;w=900"#)
        #expect(refused.header("RateLimit") == #""sign-in";r=0;t=800"#)
        #expect(refused.header("Retry-After") == "800")
        #expect(try await begin(test, from: "203.0.113.2").status == 302)
        clock.advance(.seconds(800))
        #expect(try await begin(test).status == 302)
    }

    @Test func `count a network of IPv6 as one address`() async throws {
        let test = site()
        for number in 1...10 { #expect(try await begin(test, from: "2001:db8:0:1::\(number)").status == 302) }
        #expect(try await begin(test, from: "2001:db8:0:1:ffff::1").status == 429)
        #expect(try await begin(test, from: "2001:db8:0:2::1").status == 302)
    }

    @Test func `are not bypassed by a forged X-Forwarded-For`() async throws {
        let test = site()
        for number in 1...10 {
            #expect(try await begin(test, [("X-Forwarded-For", "198.51.100.\(number)")]).status == 302)
        }
        #expect(try await begin(test, [("X-Forwarded-For", "198.51.100.99")]).status == 429)
    }

    @Test func `count clients behind a trusted proxy separately`() async throws {
        let test = site()
        for number in 1...20 {
            let forged = [("X-Forwarded-For", "1.2.3.\(number), 198.51.100.\(number % 2)")]
            #expect(try await begin(test, from: "10.0.0.1", forged).status == 302)
        }
        #expect(try await begin(test, from: "10.0.0.1", [("X-Forwarded-For", "9.9.9.9, 198.51.100.1")]).status == 429)
        #expect(try await begin(test, from: "10.0.0.1", [("X-Forwarded-For", "198.51.100.3")]).status == 302)
    }

    @Test func `do not count a token of a session that has ended`() async throws {
        let test = site()
        let user = try await Cast().alice.user
        let text = try await test.refreshToken(of: user)
        _ = try await ask { try await $0.rows("DELETE FROM dashboard_sessions WHERE user_id = \(user)") }
        for _ in 1...20 {
            let cookie = [("Cookie", "dashboard_refresh=" + text)]
            #expect(await test.ask(.post, "/api/v1/auth/refresh", headers: cookie).status == 401)
        }
        #expect(try await begin(test).status == 302)
    }

    @Test func `count refreshes of a session before the database query`() async throws {
        let test = site(perMinute: 3)
        let cast = try await Cast()
        let (alice, other) = (try await test.enter(cast.alice.user), try await test.enter(cast.bob.user))
        let session = alice.access.session
        func refresh(_ pair: TokenPair) async -> Response {
            await test.ask(
                .post, "/api/v1/auth/refresh",
                body: ("application/json", #"{"refreshToken":"\#(pair.refresh.text)"}"#))
        }
        #expect(await refresh(alice).status == 200)
        _ = try await ask { try await $0.rows("DELETE FROM dashboard_sessions WHERE id = \(session)") }
        for _ in 1...2 { #expect(await refresh(alice).status == 401) }
        let refused = await refresh(alice)
        #expect(refused.status == 429)
        #expect(refused.header("RateLimit") == #""refresh";r=0;t=60"#)
        #expect(refused.header("Retry-After") == "60")
        // A browser's cookie is the same token.
        let cookie = [("Cookie", "dashboard_refresh=" + alice.refresh.text)]
        #expect(await test.ask(.get, "/api/v1/auth/me", headers: cookie).status == 429)
        #expect(await refresh(other).status == 200)
        clock.advance(.seconds(60))
        #expect(await refresh(alice).status == 401)
    }

    @Test func `count requests with invalid signatures by network, then skip the key lookup`() async throws {
        let test = site()
        let cast = try await Cast()
        let key = try await NewAPIKey.make([.queue], in: cast.alice)
        let path = "/api/v1/bot/guilds/\(cast.alice.guild)/queue"
        let stranger = try #require(IPAddress("203.0.113.7"))
        func send(_ key: NewAPIKey, _ depth: Int, from peer: IPAddress) async -> Response {
            let request = SignedRequest(path, #"{"depth":\#(depth)}"#, with: key)
            return await test.ask(
                .post, path, headers: request.headers, body: ("application/json", request.body), peer: peer)
        }
        for number in 1...60 { #expect(await send(NewAPIKey(), number, from: stranger).status == 401) }
        let refused = await send(NewAPIKey(), 61, from: stranger)
        #expect(refused.status == 429)
        #expect(refused.header("RateLimit") == #""unsigned";r=0;t=60"#)
        // Before the key lookup: even a valid key is refused, unless it signed a request before.
        #expect(await send(key, 62, from: stranger).status == 429)
        #expect(await send(key, 63, from: .loopback).status == 204)
        #expect(await send(key, 64, from: stranger).status == 204)
        let other = try await NewAPIKey.make([.queue], in: cast.alice)
        #expect(await send(other, 65, from: stranger).status == 429)
        clock.advance(.seconds(60))
        #expect(await send(other, 66, from: stranger).status == 204)
        // The public id of a valid key allows no more than 60 lookups.
        let forged = NewAPIKey(publicID: key.publicID, secret: Secret("tds_" + Base64URL.encode(Crypto.random(32))))
        for number in 1...60 { #expect(await send(forged, number, from: stranger).status == 401) }
        #expect(await send(forged, 61, from: stranger).status == 429)
        #expect(await send(key, 67, from: .loopback).status == 204)
    }

    @Test func `allow signing out, and never report it as done if it was not`() async throws {
        let test = site(perMinute: 2)
        let alice = try await test.enter(try await Cast().alice.user)
        func signOut(_ cookies: String) async throws -> Response {
            let page = await test.ask(.get, "/account", headers: [("Cookie", cookies)])
            let token = page.text.firstMatch(of: /name="_csrf" value="([^"]+)"/)?.1 ?? "none"
            return await test.ask(
                .post, "/logout", headers: [("Cookie", cookies), ("Sec-Fetch-Site", "same-origin")],
                body: ("application/x-www-form-urlencoded", "_csrf=\(token)"))
        }
        func lives() async throws -> Bool {
            let session = alice.access.session
            return try await ask { try await Sessions.state(session, $0) } != nil
        }
        let refresh = "dashboard_refresh=\(alice.refresh.text)"
        for _ in 1...3 { _ = await test.ask(.get, "/status", headers: [("Cookie", refresh)]) }
        #expect(try await signOut(refresh).status == 429)
        let access = "dashboard_access=\(alice.access.signed(with: test.keys))"
        #expect(try await signOut("\(access); \(access)").status == 400)
        #expect(try await lives())
        // Independent of the number of other requests.
        let token = try #require(
            await test.ask(.get, "/account", headers: [("Cookie", access)]).text
                .firstMatch(of: /name="_csrf" value="([^"]+)"/)?.1)
        for _ in 1...5 { _ = await test.ask(.get, "/account", headers: [("Cookie", access)]) }
        let left = await test.ask(
            .post, "/logout", headers: [("Cookie", access), ("Sec-Fetch-Site", "same-origin")],
            body: ("application/x-www-form-urlencoded", "_csrf=\(token)"))
        #expect(left.status == 303 && left.header("Location") == "/login?reason=left")
        #expect(try await lives() == false)
    }

    @Test func `count forged callbacks and refresh tokens`() async throws {
        let test = site()
        for _ in 1...5 {
            #expect(await test.ask(.get, "/api/v1/auth/discord/callback", query: "state=x&code=y").status == 400)
            let refresh = await test.ask(
                .post, "/api/v1/auth/refresh", headers: [("Cookie", "dashboard_refresh=x")])
            #expect(refresh.status == 401)
        }
        let refused = await test.ask(.get, "/api/v1/auth/discord/callback", query: "state=x&code=y")
        #expect(refused.status == 429)
        #expect(refused.header("RateLimit") == #""sign-in";r=0;t=900"#)
    }
}
