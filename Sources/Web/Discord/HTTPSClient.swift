internal import CCurl
internal import EventLoop
internal import Formats
internal import HTTP

/// Requests to other servers with libcurl: limited in time and size, without redirects.
package final class HTTPSClient: Sendable {
    package struct Outgoing: Sendable {
        package var address: String
        /// Sent as a form with `POST`; nil for a `GET`.
        package var form: String?
        /// Whole header lines.
        package var headers: [String] = []
        /// Timeout.
        package var milliseconds = 10_000
    }

    package struct Incoming: Sendable {
        package let status: Int
        /// Lower-case names.
        package let headers: [String: String]
        package let body: [UInt8]
    }

    package enum Failure: Error, Sendable, Equatable {
        /// No response.
        ///
        /// The text is libcurl's error, which contains only the host of the request.
        case unreachable(String)

        var reason: String {
            switch self {
            case .unreachable(let reason): reason
            }
        }
    }

    /// Maximum bytes of a response; 200 guilds are about 60 KB.
    fileprivate static let limit = 1_048_576
    /// Concurrent calls.
    ///
    /// Sign-ins are rare, and Discord limits them anyway.
    private let threads = OffLoop(limit: 16)
    /// True if `http` is allowed, for a stand-in on this machine.
    private let allowsHTTP: Bool

    package init(allowsHTTP: Bool) {
        self.allowsHTTP = allowsHTTP
        curl_global_init(Int(CURL_GLOBAL_ALL))
    }

    package func send(_ request: Outgoing) async throws(Failure) -> Incoming {
        let protocols = allowsHTTP ? "http,https" : "https"
        return try await threads.run { perform(request, protocols: protocols) }.get()
    }
}

/// The response received so far.
private final class Receipt {
    var body: [UInt8] = []
    var headers: [String: String] = [:]
}

private func perform(
    _ request: HTTPSClient.Outgoing, protocols: String
) -> Result<HTTPSClient.Incoming, HTTPSClient.Failure> {
    guard let handle = unsafe curl_easy_init() else { return .failure(.unreachable("libcurl could not be set up")) }
    defer { unsafe curl_easy_cleanup(handle) }
    let receipt = Receipt()
    let context = unsafe Unmanaged.passUnretained(receipt).toOpaque()
    var lines: UnsafeMutablePointer<curl_slist>?
    for line in request.headers { unsafe lines = curl_slist_append(lines, line) }
    defer { unsafe curl_slist_free_all(lines) }

    unsafe curl_set_text(handle, CURLOPT_URL, request.address)
    unsafe curl_set_text(handle, CURLOPT_PROTOCOLS_STR, protocols)
    unsafe curl_set_list(handle, CURLOPT_HTTPHEADER, lines)
    unsafe curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    unsafe curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
    unsafe curl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, 5_000)
    unsafe curl_set_number(handle, CURLOPT_TIMEOUT_MS, request.milliseconds)
    unsafe curl_set_size(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(HTTPSClient.limit))
    unsafe curl_set_receiver(handle, receiveBody, context)
    unsafe curl_set_header_receiver(handle, receiveHeader, context)
    if let form = request.form { unsafe curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, form) }

    let code = unsafe curl_easy_perform(handle)
    guard code == CURLE_OK else {
        return .failure(.unreachable(unsafe String(cString: curl_easy_strerror(code))))
    }
    let status = unsafe Int(curl_status(handle))
    return .success(.init(status: status, headers: receipt.headers, body: receipt.body))
}

/// Returning less than given aborts the transfer, because the response is too long.
private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let receipt = unsafe Unmanaged<Receipt>.fromOpaque(context).takeUnretainedValue()
    guard receipt.body.count + size * count <= HTTPSClient.limit else { return 0 }
    unsafe receipt.body += UnsafeRawBufferPointer(start: bytes, count: size * count)
    return size * count
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let receipt = unsafe Unmanaged<Receipt>.fromOpaque(context).takeUnretainedValue()
    let line = unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
    let parts = line.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1)
    if parts.count == 2, receipt.headers.count < 100 {
        let value = String(Substring(parts[1])).drop { $0.isWhitespace }
        receipt.headers[String(Substring(parts[0])).lowercased()] = String(value.prefix { !$0.isNewline })
    }
    return size * count
}
