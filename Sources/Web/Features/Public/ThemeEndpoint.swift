internal import Domain
internal import Formats
internal import HTTP

/// Stores the theme that a person chose, signed in or not.
enum ThemeEndpoint {
    static let endpoint = Endpoint.open(.post, PagePath.theme, .page, "Choose the theme", .redirect()) { call in
        let form = try FormBody(call.request)
        let path = form["returnTo"].flatMap { ReturnPath($0) } ?? .home
        guard let choice = form["theme"].flatMap(choice) else {
            throw Rejection.invalid([.init("theme", "must be light, dark or system")])
        }
        var response = Response.seeOther(Link(path))
        // Readable by scripts, because it is no secret and the theme switch sets it as well.
        let secure = call.world.settings.isSecure ? "; Secure" : ""
        response.add(
            "Set-Cookie", text: "\(Theme.cookie)=\(choice); Path=/; Max-Age=31536000; SameSite=Lax\(secure)")
        return response
    }

    private static func choice(_ text: String) -> String? {
        text == "system" ? text : Theme(rawValue: text)?.rawValue
    }
}
