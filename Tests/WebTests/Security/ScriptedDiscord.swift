import Domain
import EventLoop
import Synchronization
import TestKit

@testable import Web
@testable import Formats
@testable import HTTP

/// A stand-in for Discord with scripted answers, one after the other for each path.
final class ScriptedDiscord: RequestHandler {
    struct Answer: Sendable {
        var status = 200
        var body: String
        var type: StaticString = "application/json"
        var retryAfter: String?
        /// Blocks until the test opens it.
        var gate: Gate?

        static func json(_ body: String) -> Answer { Answer(body: body) }
        static func refused(_ status: Int, _ body: String) -> Answer { Answer(status: status, body: body) }
        static func html(_ status: Int) -> Answer {
            Answer(status: status, body: "<!DOCTYPE html><title>error code: 1015</title>", type: "text/html")
        }
        static func tokens(_ access: String, _ refresh: String) -> Answer {
            json(
                """
                {"access_token":"\(access)","token_type":"Bearer","expires_in":604800,"refresh_token":"\(refresh)",
                 "scope":"identify email guilds"}
                """)
        }
        static func guilds(_ guilds: (GuildID, String)...) -> Answer {
            let items = guilds.map {
                #"{"id":"\#($0)","name":"A guild","icon":null,"owner":false,"permissions":"\#($1)"}"#
            }
            return json("[" + items.joined(separator: ",") + "]")
        }
    }

    final class Gate: Sendable {
        private let isOpen = Mutex(false)
        func open() { isOpen.withLock { $0 = true } }
        var isClosed: Bool { isOpen.withLock { !$0 } }
    }

    static let token = "/oauth2/token"
    static let revocation = "/oauth2/token/revoke"
    static let person = "/users/@me"
    static let guilds = "/users/@me/guilds"

    private let script = Mutex<[String: [Answer]]>([:])
    private let requests = Mutex<[Request]>([])
    private let loop = TestDatabase.shared.loop
    /// Its address.
    let base: String

    init() throws {
        let socket = try ListeningSocket.open(host: .loopback, port: 0, count: 1)[0]
        base = "http://127.0.0.1:\(socket.port)"
        let server = HTTPServer(on: loop, handler: self)
        loop.execute {
            do { try server.start(on: socket) } catch { fatalError("no stand-in for Discord: \(error)") }
        }
    }

    func answers(_ path: String, _ answers: Answer...) { script.withLock { $0[path, default: []] += answers } }

    /// The requests that it received.
    func asked(_ path: String) -> [Request] { requests.withLock { $0.filter { $0.path == path } } }

    func bodyPolicy(for request: Request) -> BodyPolicy { BodyPolicy(limit: 65_536, network: request.peer) }

    func judge(_ request: Request) async -> Response? { nil }

    func connectionsExhausted(_ isExhausted: Bool, open: Int) {}

    func respond(to request: Request) async -> Response {
        requests.withLock { $0.append(request) }
        let next = script.withLock { script -> Answer? in
            guard let first = script[request.path]?.first else { return nil }
            script[request.path]?.removeFirst()
            return first
        }
        guard let next else { return Response(status: 500) }
        while let gate = next.gate, gate.isClosed { await loop.sleep(for: .milliseconds(5)) }
        var body = ByteWriter()
        body.raw(next.body)
        var response = Response.text(next.status, next.type, body.finish())
        if let seconds = next.retryAfter { response.add("Retry-After", text: seconds) }
        return response
    }

    func refuse(_ request: Request, _ refusal: HTTPRefusal) -> Response { Response(status: 400) }
}
