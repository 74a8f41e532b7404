internal import CMicroHTTPD
internal import Formats

// The library's callbacks for a connection.

/// The request line is complete, with escapes and query.
///
/// Later callbacks get it decoded.
func requestBegun(
    _ context: UnsafeMutableRawPointer?, _ uri: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context, let uri = unsafe uri, let connection = unsafe connection else { return nil }
    unsafe mhd_hide_cookies(connection, HTTPServer.hiddenCookies.address)
    // A request line may contain any bytes. If it is not UTF-8, use a path that matches no route.
    unsafe Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
        .noteLine(String(cString: uri), end: uri + strlen(uri), of: connection)
    return nil
}

func connectionChanged(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
) {
    guard let context = unsafe context, let connection = unsafe connection else { return }
    let server = unsafe Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
    if mhd_is_opened(code) {
        unsafe server.opened(connection)
    } else {
        unsafe server.closed(connection)
    }
}

/// Called when the headers are there, for each piece of the body, at its end, and again after each resume.
func accessHandler(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadSize: UnsafeMutablePointer<Int>?, _ exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context = unsafe context, let connection = unsafe connection, let slot = unsafe exchange,
        let method = unsafe method, let version = unsafe version, let uploadSize = unsafe uploadSize
    else { return .failure }
    guard let pointer = unsafe slot.pointee else {
        let server = unsafe Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
        let exchange = unsafe server.exchange(on: connection)
        unsafe slot.pointee = Unmanaged.passRetained(exchange).toOpaque()
        return unsafe exchange.begin(method: String(cString: method), version: version)
    }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    if unsafe uploadSize.pointee > 0 {
        let size = unsafe uploadSize.pointee
        unsafe uploadSize.pointee = 0
        return unsafe exchange.receive(UnsafeRawBufferPointer(start: upload, count: size))
    }
    return exchange.proceed()
}

func requestCompleted(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_RequestTerminationCode
) {
    guard let pointer = unsafe exchange?.pointee else { return }
    unsafe exchange?.pointee = nil
    unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().complete()
}

extension MHD_Result {
    static var success: MHD_Result { MHD_Result(rawValue: 1) ?? .failure }
    static var failure: MHD_Result { MHD_Result(rawValue: 0) ?? .success }
}
