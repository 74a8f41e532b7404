internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The self-check of a server: problems and remedies.
enum ProblemEndpoints {
    static let problems = Path<GuildID>("/api/v1/guilds/{guildId}/problems")

    private static let schema = Schema.object([
        .field(
            "items",
            .array(
                .named(
                    "ServerProblem",
                    .object([
                        .field("kind", .words(ServerProblem.Kind.self)),
                        .field("severity", .words(ServerProblem.Severity.self)), .field("count", .integer()),
                        .field("title", .string()), .field("advice", .string()), .field("url", .string(format: "uri")),
                    ]))))
    ])

    static let endpoint = Endpoint.guild(
        .get, problems, .api, needs: .admin, "List the problems, the worst first", .json(schema)
    ) { call, access in
        guard let read = try await GuildProblems.read(in: access, call.database) else { throw Rejection.notFound }
        let problems = read.problems(call.world.live.latest)
        let origin = call.world.settings.origin
        return .json { json in
            json.object { json in
                json.array("items", problems) { json, problem in
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
    }
}
