internal import CMicroHTTPD
package import EventLoop
internal import Formats
internal import Glibc

/// A listening socket.
///
/// Each loop has its own on the same port; the kernel distributes the connections.
package struct ListeningSocket: Sendable {
    /// Connections that the kernel queues until they are accepted.
    static let backlog = 1_024

    let descriptor: Int32
    package let port: UInt16

    /// True if a connection waits to be accepted.
    var hasWaiting: Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&watched, 1, 0) == 1
    }

    /// Accepts a waiting connection; nil if there is none, or no free descriptor.
    func accept() -> Int32? {
        let accepted = socket_accept(descriptor)
        return accepted >= 0 ? accepted : nil
    }

    /// Drops new connection attempts.
    ///
    /// A client that tries now sees its packet lost, and tries again after a second.
    func dropNewcomers() { socket_drop_all(descriptor) }

    func close() { Glibc.close(descriptor) }

    /// Opens one socket for each loop; port 0 takes any free port.
    ///
    /// - Throws: `SystemError` with `bind` if the address is in use or not local.
    package static func open(host: IPAddress, port: UInt16, count: Int) throws(SystemError) -> [ListeningSocket] {
        // Only the loops of one process may share a port. A first socket without sharing detects other owners.
        let probe = try ListeningSocket(host, port, isShared: false)
        probe.close()
        var sockets = [try ListeningSocket(host, probe.port, isShared: true)]
        while sockets.count < count { sockets.append(try ListeningSocket(host, probe.port, isShared: true)) }
        for socket in sockets where listen(socket.descriptor, Int32(backlog)) != 0 { throw SystemError("listen") }
        return sockets
    }

    private init(_ host: IPAddress, _ port: UInt16, isShared: Bool) throws(SystemError) {
        let family = host.isV4 ? AF_INET : AF_INET6
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
        if isShared { unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, size) }
        let bound = unsafe host.withSocketAddress(port: port) { unsafe bind(descriptor, $0, $1) }
        guard bound == 0 else {
            let error = SystemError("bind")
            Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.port = boundPort(descriptor) ?? port
    }
}

private func boundPort(_ descriptor: Int32) -> UInt16? {
    var storage = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &size) }
    }
    // The port is at the same offset in the structures of both families.
    return result == 0 ? UInt16(bigEndian: storage.sin6_port) : nil
}

extension IPAddress {
    fileprivate func withSocketAddress(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        if isV4 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
            return unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
            unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
}
