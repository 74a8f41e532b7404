package import Formats

extension Response {
    package static func json(_ status: Int = 200, capacity: Int = 4_096, _ write: (inout JSONWriter) -> Void)
        -> Response
    {
        var json = JSONWriter(capacity: capacity)
        write(&json)
        return .text(status, "application/json", json.finish())
    }
}
