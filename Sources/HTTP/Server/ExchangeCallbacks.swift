internal import CMicroHTTPD
internal import Formats

// The library's callbacks during an exchange.

func collectHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameSize: Int,
    _ value: UnsafePointer<CChar>?, _ valueSize: Int
) -> MHD_Result {
    guard let context = unsafe context else { return .failure }
    if unsafe value == HTTPServer.hiddenCookies.address { return .success }
    let collector = unsafe context.assumingMemoryBound(to: HeaderCollector.self)
    unsafe collector.pointee.add(name, nameSize, value, valueSize)
    return .success
}

func fillFromStream(
    _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int {
    guard let context = unsafe context else { return mhd_stream_end() }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    return unsafe exchange.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size))
}

func releaseExchange(_ context: UnsafeMutableRawPointer?) {
    if let context = unsafe context { unsafe Unmanaged<Exchange>.fromOpaque(context).release() }
}

func releaseBytes(_ context: UnsafeMutableRawPointer?) {
    if let context = unsafe context { unsafe Unmanaged<Bytes>.fromOpaque(context).release() }
}

extension StaticString {
    var address: UnsafePointer<CChar> { unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}
