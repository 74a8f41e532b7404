internal import Formats
internal import HTTP

extension Response {
    /// The answer of what was made, with the address where it is from now on.
    ///
    /// - Throws: `MadeNotRead` for what `answer` throws.
    static func created(_ link: Link, _ answer: () async throws -> Response) async throws -> Response {
        var response: Response
        do { response = try await answer() } catch { throw MadeNotRead(cause: error) }
        response.status = 201
        response.add("Location", text: link.text)
        return response
    }
}

/// Something was made, and then could not be read for the answer.
struct MadeNotRead: Error {
    let cause: any Error
}
