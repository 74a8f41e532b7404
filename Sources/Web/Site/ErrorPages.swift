internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension Site {
    /// The error of a server's page inside the navigation of the server.
    ///
    /// Nil if the person cannot open the server, or the database does not answer.
    func errorPage(_ rejection: Rejection, _ visit: Visit) async -> Response? {
        let problem = Problem(rejection)
        guard visit.endpoint.kind == .page, visit.membership != nil,
            [400, 403, 404, 409, 422].contains(problem.status),
            let session = visit.identity.session, let guild = visit.segments.first.flatMap({ GuildID($0) }),
            let access = try? session.access(by: .viewer, in: guild)
        else { return nil }
        let request = visit.request
        let call = Call(
            request: request, context: context, endpoint: visit.endpoint, segments: visit.segments, fields: [],
            session: session, theme: Theme(request.headers))
        guard let frame = try? await Frame.guild(call, access) else { return nil }
        let form = SentForm(request, origin: world.settings.origin)
        var response = Response.page(PagePlace(title: problem.headline), frame) { html in
            html.problem(problem, request, again: nil, form)
            html.whatWasSent(form)
        }
        response.status = problem.status
        return response
    }

    func errorPage(_ problem: Problem, _ request: Request, _ session: Session?) -> Response {
        let frame = Frame(world, request, session)
        // Only a read can be repeated safely.
        let again = request.method == .get ? Link(frame.here) : nil
        let form = SentForm(request, origin: world.settings.origin)
        return .plainPage(problem.headline, frame, status: problem.status, width: .narrow) { html in
            html.problem(problem, request, again: again, form)
            html.whatWasSent(form)
        }
    }
}

extension HTML {
    fileprivate mutating func problem(_ problem: Problem, _ request: Request, again: Link?, _ form: SentForm?) {
        div(.class("card sheet problem"), .flag("data-not-saved", form != nil)) { html in
            html.p(.class("code"), text: "\(problem.status) \(problem.title)")
            html.h1(text: problem.headline)
            html.p(text: form == nil ? problem.advice : "\(problem.advice) What you sent was not saved.")
            if problem.complaints.count > 1 { html.complaints(problem.complaints) }
            html.div(.class("actions")) { html in
                if let address = form?.address { html.button("Back to the page", Link(address), .primary) }
                html.problemActions(problem, again: again)
            }
            html.requestNumber(request.id)
        }
    }

    private mutating func complaints(_ complaints: [Rejection.Complaint]) {
        ul(.class("prose")) { html in
            for complaint in complaints { html.li(text: "\(complaint.pointer) \(complaint.message)") }
        }
    }

    private mutating func problemActions(_ problem: Problem, again: Link?) {
        if let again, [429, 500, 503].contains(problem.status) { button("Try again", again, .primary) }
        if ![429, 503].contains(problem.status) { button("Your servers", PagePath.servers.link()) }
        if [404, 503].contains(problem.status) { button("Bot status", PagePath.status.link()) }
    }
}

extension Problem {
    /// The title of the error page.
    fileprivate var headline: String {
        switch status {
        case 400, 422: "Invalid request"
        case 403: "This is not allowed"
        case 404: "Page not found"
        case 405: "This address is for something else"
        case 409: "Can't do that yet"
        case 412: "Someone else changed this"
        case 413: "That was too large"
        case 429: "Too many requests"
        case 503: "Not available right now"
        default: title.description
        }
    }

    fileprivate var advice: String {
        switch status {
        case 404:
            "It doesn't exist, or you no longer have access."
        case 429:
            "Too many requests came from you. Wait \(retryAfterSeconds ?? 60) seconds, then everything works again."
        case 500: "The error is in the log, with the number below."
        case 503: "\(detail) Try again in a moment."
        default: detail
        }
    }
}
