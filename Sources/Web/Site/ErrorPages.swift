internal import Domain

extension Site {
    func errorPage(_ problem: Problem, _ request: Request, _ session: Session?) -> Response {
        var html = HTML()
        html.h1(text: problem.title.description)
        html.p(text: problem.detail)
        html.p { $0.code(text: request.id) }
        return .text(problem.status, "text/html; charset=utf-8", html.finish())
    }
}

enum SignInPages {
    static func login(returningTo: ReturnPath?, isStale: Bool) -> Link { Link(text: "/login") }

    static func failure(_ failure: SignInFailure, _ call: Call) -> Response {
        var html = HTML()
        html.h1(text: failure.title.description)
        html.p(text: failure.detail.description)
        return .text(failure.status, "text/html; charset=utf-8", html.finish())
    }
}
