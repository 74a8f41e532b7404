internal import CLibPQ
internal import Formats
internal import Glibc

/// Wraps libpq's connection.
///
/// Besides this file, only `Rows` and `ConnectionOption` call libpq.
@safe final class PQConnection {
    private let handle: OpaquePointer

    enum Progress { case wantsRead, wantsWrite, done, failed }

    enum Answer {
        case rows(Rows)
        case refused(DatabaseFailure.ServerError)
        /// Skipped, because an earlier statement of the pipeline failed.
        case skipped
        case synchronized
    }

    private init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
        // Drops notices, which would go to standard error; none of them matters.
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { unsafe PQfinish(handle) }

    /// Begins to connect without blocking; continue with `poll`.
    static func start(_ settings: ConnectionSettings) -> PQConnection {
        unsafe settings.withParameters { unsafe PQConnection(PQconnectStartParams($0, $1, 1)) }
    }

    /// Connects, and blocks until it succeeds or fails.
    static func open(_ settings: ConnectionSettings) -> PQConnection {
        unsafe settings.withParameters { unsafe PQConnection(PQconnectdbParams($0, $1, 1)) }
    }

    /// The SQLSTATE if the server rejects the session; nil if it starts, or the server is unreachable.
    ///
    /// libpq reports it only in its message, and only if configured before connecting.
    static func stateOfRefusal(_ settings: ConnectionSettings) -> String? {
        let connection = start(settings)
        unsafe PQsetErrorVerbosity(connection.handle, PQERRORS_SQLSTATE)
        unsafe PQreset(connection.handle)
        guard !connection.isOpen, let last = connection.message.split(separator: " ").last else { return nil }
        let isState = last.utf8.count == 5 && last.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
        return isState ? String(last) : nil
    }

    var socket: Int32 { unsafe PQsocket(handle) }
    var isOpen: Bool { unsafe PQstatus(handle) == CONNECTION_OK }

    /// libpq's last error message, which names host and user but never a password.
    ///
    /// For the log.
    var message: String {
        unsafe String(cString: PQerrorMessage(handle)).split(separator: "\n").joined(separator: " ")
    }

    func poll() -> Progress {
        switch unsafe PQconnectPoll(handle) {
        case PGRES_POLLING_READING: .wantsRead
        case PGRES_POLLING_WRITING: .wantsWrite
        case PGRES_POLLING_OK: .done
        default: .failed
        }
    }

    /// From here on no call blocks, and statements are sent together up to each `synchronize`.
    func enterPipeline() -> Bool {
        unsafe PQsetnonblocking(handle, 1) == 0 && PQenterPipelineMode(handle) == 1
    }

    // MARK: Sending

    func sendSimple(_ text: String) -> Bool { unsafe PQsendQuery(handle, text) == 1 }

    func sendPrepare(_ name: String, _ statement: SQL) -> Bool {
        let types = statement.types.map(\.rawValue)
        return unsafe PQsendPrepare(handle, name, statement.text, Int32(types.count), types) == 1
    }

    func sendExecute(_ name: String, _ parameters: ParameterEncoder) -> Bool {
        let count = parameters.ranges.count
        return unsafe parameters.withPointers { values, lengths, formats in
            unsafe PQsendQueryPrepared(handle, name, Int32(count), values, lengths, formats, 1) == 1
        }
    }

    /// A handle to cancel the statement in progress; nil without a connection.
    var cancellation: Cancellation? { unsafe PQgetCancel(handle).map { unsafe Cancellation($0) } }

    /// A request to cancel a connection's statement; any thread may send it.
    @safe final class Cancellation: @unchecked Sendable {
        private let handle: OpaquePointer

        fileprivate init(_ handle: OpaquePointer) { unsafe self.handle = handle }

        deinit { unsafe PQfreeCancel(handle) }

        /// Connects to the server, and waits until it has accepted the request.
        func send() {
            var reason = [CChar](repeating: 0, count: 256)
            unsafe PQcancel(handle, &reason, Int32(reason.count))
        }
    }

    func synchronize() -> Bool { unsafe PQpipelineSync(handle) == 1 }

    /// True if bytes remain that the socket did not take.
    func flush() -> Bool { unsafe PQflush(handle) == 1 }

    // MARK: Receiving

    /// False if the connection is lost.
    func consumeInput() -> Bool { unsafe PQconsumeInput(handle) == 1 }

    var isBusy: Bool { unsafe PQisBusy(handle) == 1 }

    /// The next result that has arrived; nil at the end of a statement's results.
    func nextAnswer() -> Answer? {
        guard let result = unsafe PQgetResult(handle) else { return nil }
        switch unsafe PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return unsafe .rows(Rows(result))
        case PGRES_PIPELINE_SYNC:
            unsafe PQclear(result)
            return .synchronized
        case PGRES_PIPELINE_ABORTED:
            unsafe PQclear(result)
            return .skipped
        default:
            defer { unsafe PQclear(result) }
            return unsafe .refused(serverError(result))
        }
    }

    private func serverError(_ result: OpaquePointer) -> DatabaseFailure.ServerError {
        func field(_ code: Int32) -> String? {
            unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
        }
        return .init(
            state: field(Int32(UInt8(ascii: "C"))) ?? "08006",
            message: field(Int32(UInt8(ascii: "M"))) ?? message,
            constraint: field(Int32(UInt8(ascii: "n"))))
    }

    /// A notification: its channel and payload.
    func nextNotification() -> (channel: String, payload: String)? {
        guard let message = unsafe PQnotifies(handle) else { return nil }
        defer { unsafe PQfreemem(message) }
        return unsafe (String(cString: message.pointee.relname), String(cString: message.pointee.extra))
    }
}

extension ParameterEncoder {
    /// All values in binary format, as libpq's three arrays.
    fileprivate func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        unsafe bytes.withUnsafeBytes { buffer in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            return unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: ranges.count) {
                values in
                unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * ranges.count) { numbers in
                    for index in ranges.indices {
                        // An empty value needs any non-null address, because null means NULL.
                        let address = unsafe start ?? Self.nowhere
                        unsafe values[index] = ranges[index].map { unsafe address + $0.lowerBound }
                        unsafe numbers[index] = Int32(ranges[index]?.count ?? 0)
                        unsafe numbers[ranges.count + index] = 1
                    }
                    let formats = unsafe numbers.baseAddress.map { unsafe $0 + ranges.count }
                    return unsafe body(values.baseAddress, numbers.baseAddress, formats)
                }
            }
        }
    }

    private static var nowhere: UnsafePointer<CChar> { unsafe StaticString("").cString }
}

extension StaticString {
    fileprivate var cString: UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}

extension ConnectionSettings {
    /// libpq's keyword and value arrays.
    ///
    /// The address is passed as `dbname`, which libpq parses.
    fileprivate func withParameters<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let pairs = parameters
        var keys = unsafe pairs.map { unsafe UnsafePointer(strdup($0.key)) }
        var values = unsafe pairs.map { unsafe UnsafePointer(strdup($0.value)) }
        defer {
            for index in unsafe keys.indices {
                unsafe free(UnsafeMutablePointer(mutating: keys[index]))
                unsafe free(UnsafeMutablePointer(mutating: values[index]))
            }
        }
        unsafe keys.append(nil)
        unsafe values.append(nil)
        return unsafe body(keys, values)
    }
}
