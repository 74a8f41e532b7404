internal import Formats
internal import HTTP

extension Response {
    /// 201 with the `Location` of the created object.
    ///
    /// - Throws: `MadeNotRead` for errors of `answer`.
    static func created(_ link: Link, _ answer: () async throws -> Response) async throws -> Response {
        var response: Response
        do { response = try await answer() } catch { throw MadeNotRead(cause: error) }
        response.status = 201
        response.add("Location", text: link.text)
        return response
    }
}

/// The object was created, but could not be read for the response.
struct MadeNotRead: Error {
    let cause: any Error
}
