import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `A signed request` {
    let test = TestSite.shared
    let cast: Cast
    let key: NewAPIKey

    init() async throws {
        cast = try await Cast()
        key = try await NewAPIKey.make([.queue], in: cast.alice)
    }

    private func queue(_ guild: GuildID? = nil, depth: Int = 3) -> SignedRequest {
        SignedRequest("/api/v1/bot/guilds/\(guild ?? cast.alice.guild)/queue", #"{"depth":\#(depth)}"#, with: key)
    }

    private func depth() async throws -> Int? {
        let access = cast.alice
        return try await ask { try await $0.rows("SELECT depth FROM guild_queue_depths", in: access).first?.int(0) }
    }

    @Test func `is accepted once`() async throws {
        let request = queue()
        let answer = await request.send()
        #expect(answer.status == 204)
        #expect(answer.header("RateLimit")?.hasPrefix(#""key";r="#) == true)
        #expect(try await depth() == 3)
        let again = await request.send()
        #expect(again.status == 401)
        #expect(again.text.contains("accepted before"))
    }

    @Test func `is accepted once of many at the same time`() async throws {
        let request = queue()
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 1...8 { group.addTask { await request.send().status } }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [204: 1, 401: 7])
    }

    @Test func `can be repeated if the first attempt changed nothing`() async throws {
        let request = queue(depth: -1)
        #expect(await request.send().status == 422)
        #expect(await request.send().status == 422)
    }

    @Test(arguments: [-300, 300]) func `may be off by five minutes`(seconds: Int64) async throws {
        var request = queue()
        request.time += 1_000 * (seconds < 0 ? seconds + 2 : seconds - 2)
        #expect(await request.send().status == 204)
    }

    @Test(arguments: [-301_000, 301_000, -86_400_000, Int64.max, Int64.min + 1])
    func `is refused when its time is further off`(milliseconds: Int64) async throws {
        var request = queue()
        request.time = request.time.addingReportingOverflow(milliseconds).partialValue
        let answer = await request.send()
        #expect(answer.status == 401)
        #expect(try await depth() == nil)
    }

    @Test func `is refused when anything in it was changed`() async throws {
        let request = queue()
        var other = queue()
        other.time += 1
        var get = request
        get.method = .put
        let tampered: [Response] = [
            await request.send(request.headers, body: #"{"depth":4}"#),
            await request.send(other.headers.dropLast() + [("Dashboard-Signature", request.signature)]),
            await request.send(request.headers.dropLast() + [("Dashboard-Signature", get.signature)]),
            await test.ask(
                .post, request.path, query: "x=1", headers: request.headers, body: ("application/json", request.body)),
            await SignedRequest(request.path, request.body, with: NewAPIKey()).send(),
        ]
        #expect(tampered.map(\.status) == [401, 401, 401, 400, 401])
        #expect(try await depth() == nil)
    }

    @Test func `is signed with the method and the address as they are sent`() async throws {
        let bot = try await NewAPIKey.make([.accounts], in: cast.alice)
        var plain = SignedRequest("/api/v1/bot/guilds/\(cast.alice.guild)/settings", with: bot)
        plain.method = .get
        var (head, marked) = (plain, plain)
        head.isHead = true
        marked.endsInQuestionMark = true
        func send(_ request: SignedRequest, with headers: SignedRequest) async -> Int {
            var sent = Request(.get, path: request.path, headers: HeaderFields(headers.headers), id: "test")
            sent.isHead = request.isHead
            sent.endsInQuestionMark = request.endsInQuestionMark
            let (site, asked) = (test.site, sent)
            return await Task(executorPreference: site.loop) { await site.respond(to: asked) }.value.status
        }
        for (index, request) in [plain, head, marked].enumerated() {
            for (other, headers) in [plain, head, marked].enumerated() where other != index {
                #expect(await send(request, with: headers) == 401)
            }
            #expect(await send(request, with: request) == 200)
        }
    }

    @Test(arguments: ["Dashboard-Key", "Dashboard-Timestamp", "Dashboard-Signature"])
    func `is refused without each header, with two, and with an invalid value`(name: String) async throws {
        let request = queue()
        let without = request.headers.filter { $0.0 != name }
        for headers in [without, request.headers + [(name, "x")], without + [(name, "x")], without + [(name, "")]] {
            let answer = await request.send(headers)
            #expect(answer.status == 401)
            #expect(answer.text.lowercased().contains(name.lowercased()))
        }
    }

    @Test func `is refused with a key of another server like an unknown server`() async throws {
        #expect(await queue(cast.charlie.guild).send().status == 404)
        #expect(await queue(GuildID(number: 5)).send().status == 404)
    }

    @Test func `is refused without the scope, unless that is only noted`() async throws {
        let posts = try await NewAPIKey.make([.posts], in: cast.alice)
        let request = SignedRequest(queue().path, queue().body, with: posts)
        let refused = await request.send()
        #expect(refused.status == 403)
        #expect(refused.text.contains("scope queue"))
        #expect(try await depth() == nil)
        var settings = TestSite.settings
        settings.enforcesScopes = false
        #expect(await request.send(to: TestSite(settings)).status == 204)
        #expect(await SignedRequest("/api/v1/bot/heartbeat", "{}", with: key).send().status == 403)
    }

    @Test func `is refused at once after its key is revoked`() async throws {
        let access = cast.alice
        #expect(await queue(depth: 1).send().status == 204)
        let entry = try #require(try await ask { try await $0.read(APIKeys.list, in: access) }.first)
        #expect(entry.lastUsed != nil)
        let alice = try await test.signIn(cast.alice.user)
        let path = "/api/v1/guilds/\(access.guild)/api-keys/\(entry.id)"
        #expect(await test.ask(.delete, path, as: alice).status == 204)
        #expect(await queue(depth: 2).send().status == 401)
        #expect(try await depth() == 1)
    }

    @Test func `counts against its key's limit`() async throws {
        var settings = TestSite.settings
        settings.requestsPerKeyPerMinute = 2
        let limited = TestSite(settings)
        let statuses = [await queue(depth: 1).send(to: limited), await queue(depth: 2).send(to: limited)].map(\.status)
        let third = await queue(depth: 3).send(to: limited)
        #expect(statuses == [204, 204] && third.status == 429)
        #expect(third.header("RateLimit")?.hasPrefix(#""key";r=0;t="#) == true)
    }
}
