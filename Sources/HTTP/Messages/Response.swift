package import Formats

/// One response.
package struct Response: Sendable {
    package enum Body: Sendable {
        case none
        case bytes(Bytes)
        case stream(BodyStream)
    }

    package enum HeaderValue: Sendable {
        case fixed(StaticString)
        case text(String)
    }

    package var status: Int
    package var headers: [(name: StaticString, value: HeaderValue)]
    package var body: Body
    /// True if the body may be sent gzipped.
    package var isCompressible = false

    package init(status: Int, headers: [(name: StaticString, value: HeaderValue)] = [], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package mutating func add(_ name: StaticString, _ value: StaticString) { headers.append((name, .fixed(value))) }

    /// The value must not contain control characters: a value with a line break is not sent.
    package mutating func add(_ name: StaticString, text value: String) { headers.append((name, .text(value))) }

    package static func text(_ status: Int, _ type: StaticString, _ bytes: Bytes) -> Response {
        var response = Response(status: status, headers: [("Content-Type", .fixed(type))], body: .bytes(bytes))
        response.isCompressible = true
        return response
    }

    /// 303: the response to an accepted form, and for other redirects.
    package static func seeOther(_ link: Link) -> Response {
        Response(status: 303, headers: [("Location", .text(link.text))])
    }
}
