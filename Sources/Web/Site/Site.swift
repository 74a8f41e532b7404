internal import Domain
package import EventLoop
internal import Formats
package import HTTP
package import Persistence

/// The whole site on one loop: routes a request, identifies its sender, calls the endpoint, and adds the common
/// headers.
package final class Site: RequestHandler {
    package let context: LoopContext
    private let router: Router
    /// Method and path template of each endpoint, for crash reports.
    private let routes: [String]

    package var world: World { context.world }
    package var database: Database { context.database }
    package var loop: EventLoop { context.loop }
    package var endpoints: [Endpoint] { context.endpoints }
    var meter: LoopMeter { context.meter }

    package init(world: World, database: Database, loop: EventLoop, endpoints: [Endpoint]) {
        let meter = LoopMeter(
            on: loop, database: database, streams: world.live.hub(of: loop), endpointCount: endpoints.count)
        context = LoopContext(world: world, database: database, loop: loop, endpoints: endpoints, meter: meter)
        router = Router(endpoints)
        routes = endpoints.map { "\($0.method.rawValue) \($0.template)" }
        world.metrics.add(meter)
    }

    // MARK: RequestHandler

    package func bodyPolicy(for request: Request) -> BodyPolicy {
        let network = client(of: request).network
        guard case .found(let index, _) = router.match(request.method, request.path) else {
            var policy = BodyPolicy(limit: 65_536, network: network)
            policy.judgement = .beforeAny
            return policy
        }
        let endpoint = endpoints[index]
        var policy = BodyPolicy(limit: endpoint.bodyLimit, network: network)
        policy.isDigested = !endpoint.access.isOfPeople
        if endpoint.access == .anyone {
            policy.limit = min(policy.limit, 65_536)
        } else {
            policy.judgement = .beforeLarge
            policy.isOfKnown = request.headers.announceBody && isKnown(request, at: endpoint)
        }
        return policy
    }

    /// Whether a request carries a token of this service, or names a key that has signed a request within a day.
    ///
    /// No query.
    private func isKnown(_ request: Request, at endpoint: Endpoint) -> Bool {
        if endpoint.access.isOfPeople { return context.hasCredential(request) }
        return request.headers.text("dashboard-key").map(world.limiter.isProven) ?? false
    }

    /// Decides on the header whether a large body may come: from a bot if its key works, from a person who is signed in.
    ///
    /// An address that does not exist takes no body.
    package func judge(_ request: Request) async -> Response? {
        var request = request
        request.client = client(of: request)
        let match = router.match(request.method, request.path)
        guard case .found(let index, let segments) = match else {
            return finish(unrouted(request, match), request, nil)
        }
        do {
            if endpoints[index].access.isOfPeople {
                guard context.hasCredential(request) else { throw Rejection.unauthenticated }
            } else {
                try await SignedCall.judgeHeader(of: request, segments, in: context)
            }
            return nil
        } catch let used as RateLimiter.UsedUp {
            return refused(
                request, index, .tooMany(retryAfterSeconds: used.quota.secondsLeft), quotas: [used.quota])
        } catch {
            return refused(request, index, rejection(for: error, request))
        }
    }

    private func refused(
        _ request: Request, _ index: Int, _ rejection: Rejection, quotas: [RateLimiter.Quota] = []
    ) -> Response {
        let endpoint = endpoints[index]
        var visit = Visit(request: request, endpoint: endpoint, index: index, segments: [])
        visit.quotas = quotas
        return finish(failure(rejection, request, kind: endpoint.kind, session: nil), request, visit)
    }

    private func client(of request: Request) -> IPAddress {
        world.settings.trustedProxies.client(of: request.peer, request.headers)
    }

    package func connectionsExhausted(_ isExhausted: Bool, open: Int) {
        if isExhausted {
            world.log.warning("all connections are in use; new clients get 503", [("open", String(open))])
        } else {
            world.log.info("connections are free again", [("open", String(open))])
        }
    }

    package func respond(to request: Request) async -> Response {
        meter.requestsUnderWay += 1
        defer { meter.requestsUnderWay -= 1 }
        var request = request
        request.client = client(of: request)
        let match = router.match(request.method, request.path)
        guard case .found(let index, let segments) = match else {
            let identity = await visitor(request)
            var response = unrouted(request, match, identity.session)
            response.headers.insert(contentsOf: identity.setCookies.map { ("Set-Cookie", .text($0)) }, at: 0)
            return finish(response, request, nil)
        }
        let endpoint = endpoints[index]
        // Before identification, because that may renew a session.
        if request.isHead, endpoint.hasEffect { return finish(unrouted(request, .otherMethods([.get])), request, nil) }
        let slot = loop.underWay.begin(routes[index], request: request.id)
        defer { loop.underWay.end(slot) }
        if endpoint.kind == .page, let moved = moveToCanonicalHost(request) { return finish(moved, request, nil) }
        var visit = Visit(request: request, endpoint: endpoint, index: index, segments: segments)
        var response = await answer(&visit)
        // First, so that the cookies of a sign-out override them.
        response.headers.insert(contentsOf: visit.identity.setCookies.map { ("Set-Cookie", .text($0)) }, at: 0)
        return finish(response, request, visit)
    }

    package func refuse(_ request: Request, _ refusal: HTTPRefusal) -> Response {
        var request = request
        request.client = client(of: request)
        if refusal == .methodNotAllowed {
            let methods = router.methods(request.path)
            let answer = unrouted(request, methods.isEmpty ? .none : .otherMethods(methods))
            return finish(answer, request, nil)
        }
        var answer = failure(Problem(refusal), request, kind: kind(of: request), session: nil)
        if case .tooMany(let seconds, let bytes) = refusal {
            let quota = RateLimiter.Quota(
                policy: "bodies", limit: bytes, measure: .bytes, remaining: 0, secondsLeft: seconds)
            [quota].describe(in: &answer)
        }
        return finish(answer, request, nil)
    }

    // MARK: Answering

    private func answer(_ visit: inout Visit) async -> Response {
        let request = visit.request
        let endpoint = visit.endpoint
        let epoch = world.lastPages.epoch
        do {
            visit.identity = try await identity(for: request, endpoint)
            try guardForm(visit)
            visit.quotas = try world.limiter.count(visit)
            if endpoint.kind == .api, let tenant = visit.membership?.client {
                world.usage.count(tenant, at: world.now())
            }
            let call = Call(
                request: request, context: context, endpoint: endpoint, segments: visit.segments,
                fields: try endpoint.fields(of: request), session: visit.identity.session,
                theme: Theme(request.headers))
            let response = try await answerOnce(call)
            storePage(response, visit, since: epoch)
            return response
        } catch Rejection.unauthenticated where endpoint.kind == .page && !request.wantsJSON {
            return redirectToSignIn(request, isStale: visit.identity.isStale)
        } catch Rejection.formExpired where endpoint.kind == .page && !request.wantsJSON {
            return notSaved(request, .expired, session: visit.identity.session)
        } catch let failure as SignInFailure {
            return self.failure(Problem(failure), request, kind: .api, session: nil)
        } catch let used as RateLimiter.UsedUp {
            visit.quotas = [used.quota]
            let rejection = Rejection.tooMany(retryAfterSeconds: used.quota.secondsLeft)
            return failure(rejection, request, kind: endpoint.kind, session: visit.identity.session)
        } catch {
            let rejection = rejection(for: error, request)
            if case DatabaseFailure.unavailable = error, !request.wantsJSON, let page = offlinePage(visit) {
                return page
            }
            if !request.wantsJSON, let page = await errorPage(rejection, visit) { return page }
            return failure(rejection, request, kind: endpoint.kind, session: visit.identity.session)
        }
    }

    /// Public endpoints accept everyone.
    ///
    /// On them an invalid token or an unreachable database means signed out.
    private func identity(for request: Request, _ endpoint: Endpoint) async throws -> Identity {
        guard endpoint.kind != .asset, endpoint.kind != .operation, endpoint.access.isOfPeople else { return .nobody }
        guard endpoint.access == .anyone else { return try await context.identify(request) }
        do {
            return try await context.identify(request)
        } catch Rejection.unauthenticated {
            return .nobody
        } catch  where request.method == .get {
            return .nobody
        }
        // A failed sign-out must not look successful.
    }

    private func rejection(for error: any Error, _ request: Request) -> Rejection {
        switch error {
        case let rejection as Rejection: return rejection
        case HTTPRefusal.malformed(let part, let message): return .malformed(.init(part, message))
        case DatabaseFailure.unavailable(let reason):
            world.log.warning("the database is unreachable", [("request", request.id), ("reason", reason)])
            return .unavailable("The database is unreachable right now.", retryAfterSeconds: 5)
        case DatabaseFailure.busy(let error):
            world.log.warning("the database is busy", [("request", request.id), ("state", error.state)])
            return .unavailable("The database was busy for too long.", retryAfterSeconds: 2)
        case DatabaseFailure.refused(let error) where error.isBadInput:
            world.log.warning("the database rejected the input", [("request", request.id), ("state", error.state)])
            return .malformed(.init("", "The request contains a value that cannot be stored."))
        default:
            world.log.error("\(error)", [("request", request.id), ("path", request.path)])
            return .fault
        }
    }

    /// The person at an address without an endpoint, so that its error page keeps their way out.
    private func visitor(_ request: Request) async -> Identity {
        guard request.method == .get, kind(of: request) == .page else { return .nobody }
        return (try? await context.identify(request)) ?? .nobody
    }

    private func unrouted(_ request: Request, _ match: Router.Match, _ session: Session? = nil) -> Response {
        guard case .otherMethods(let methods) = match else {
            return failure(.notFound, request, kind: kind(of: request), session: session)
        }
        if let preflight = preflight(request, methods) { return preflight }
        var response = failure(
            Problem(HTTPRefusal.methodNotAllowed), request, kind: kind(of: request), session: nil)
        response.add("Allow", text: Self.names(of: methods, head: allowsHead(request.path)))
        return response
    }

    private func allowsHead(_ path: String) -> Bool {
        guard case .found(let index, _) = router.match(.get, path) else { return false }
        return !endpoints[index].hasEffect
    }

    /// The kind of the request's address, for a request that reached no endpoint.
    private func kind(of request: Request) -> Endpoint.Kind {
        if request.path.hasPrefix("/api/") { return .api }
        guard let method = router.methods(request.path).first,
            case .found(let index, _) = router.match(method, request.path)
        else { return .page }
        return endpoints[index].kind
    }
}

/// A request in progress, with the facts known so far.
struct Visit {
    let request: Request
    let endpoint: Endpoint
    /// The index of the endpoint in the table.
    let index: Int
    let segments: [Substring]
    var identity = Identity.nobody
    var quotas: [RateLimiter.Quota] = []

    /// The membership in the guild that the path names.
    var membership: Membership? {
        guard case .guild = endpoint.access, let guild = segments.first.flatMap({ GuildID($0) }) else { return nil }
        return identity.session?.memberships[guild]
    }
}
