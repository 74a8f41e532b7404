internal import HTTP

extension Request {
    /// True if the client accepts JSON and no page.
    ///
    /// Errors are then problem documents, also of addresses that are pages for browsers.
    var wantsJSON: Bool {
        let accept = headers.all("accept").joined(separator: ",").lowercased()
        guard !accept.contains("text/html") else { return false }
        return accept.contains("application/json") || accept.contains("application/problem+json")
    }
}
