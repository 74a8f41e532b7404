internal import CMicroHTTPD
internal import Formats
internal import Glibc

/// A response written to the socket past the library.
///
/// The library cannot respond while a body is still arriving, or on a connection that it has not accepted.
enum RawResponse {
    /// Sends as much as the socket takes at once.
    ///
    /// That is the whole response if the connection has sent nothing yet.
    static func send(_ response: Response, on descriptor: Int32, isHead: Bool = false) {
        let bytes = bytes(of: response, isHead: isHead)
        unsafe bytes.withUnsafeBytes { buffer in
            _ = unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// The whole response, with `Connection: close`.
    static func bytes(of response: Response, isHead: Bool) -> [UInt8] {
        var out = ByteWriter(capacity: 1_024)
        let reason = unsafe MHD_get_reason_phrase_for(UInt32(response.status)).map { unsafe String(cString: $0) }
        out.raw("HTTP/1.1 \(response.status) \(reason ?? "")\r\n")
        for (name, value) in response.headers where !name.isSame(as: "Connection") {
            out.literal(name)
            out.literal(": ")
            switch value {
            case .fixed(let text): out.literal(text)
            case .text(let text): out.raw(text)
            }
            out.literal("\r\n")
        }
        var body: [UInt8] = []
        if case .bytes(let bytes) = response.body { body = bytes.array }
        out.raw("Connection: close\r\nContent-Length: \(body.count)\r\n\r\n")
        if !isHead { out.raw(body) }
        return out.finish().array
    }
}
