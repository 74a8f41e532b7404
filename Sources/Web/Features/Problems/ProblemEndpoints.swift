internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The self-check of a server: problems and remedies.
enum ProblemEndpoints {
    static let problems = Path<GuildID>("/api/v1/guilds/{guildId}/problems")

    private static let schema = Schema.named(
        "ServerProblem",
        .object([
            .field("kind", .words("ServerProblemKind", ServerProblem.Kind.self)),
            .field("severity", .words("ServerProblemSeverity", ServerProblem.Severity.self)), .field("count", .count),
            .field("title", .string()), .field("advice", .string()), .field("url", .string(format: "uri")),
        ]))

    static let endpoint = Endpoint.guild(
        .get, problems, .api, needs: .admin, "List the problems, the worst first",
        .json(.page("ServerProblemList", of: schema))
    ) { call, access in
        guard let read = try await GuildProblems.read(in: access, call.database) else { throw Rejection.notFound }
        let problems = read.problems(call.world.live.latest)
        let origin = call.world.settings.origin
        return .list(problems) { json, problem in
            json.object { json in
                json.string("kind", problem.kind.rawValue)
                json.string("severity", problem.severity.rawValue)
                json.integer("count", problem.count)
                json.string("title", problem.title)
                json.string("advice", problem.advice)
                json.string("url", origin + problem.link(in: access.guild).text)
            }
        }
    }
}
