internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP

/// A file that becomes another when it is whole: beside that, readable for its owner only, and under a name of its own, so
/// that two who write the same file at once do not meet.
///
/// Locked for as long as somebody writes it: what a killed process left behind is told by that.
struct PartFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// - Throws: `SystemError` when it cannot be made.
    init(of target: String) throws(SystemError) {
        Self.removeAbandoned(of: target)
        while true {
            let (path, descriptor) = try Self.make(target + Self.infix + "XXXXXX")
            // Somebody who was looking for abandoned ones may have taken it for one.
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, Files.exists(path) {
                (self.path, self.descriptor) = (path, descriptor)
                return
            }
            close(descriptor)
        }
    }

    deinit { close(descriptor) }

    private static let infix = ".part-"

    private static func make(_ pattern: String) throws(SystemError) -> (String, Int32) {
        var template = Array(pattern.utf8CString)
        let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let start = buffer.baseAddress else { return -1 }
            return unsafe mkstemp(start)
        }
        guard descriptor >= 0 else { throw SystemError("making \(pattern)") }
        // What it starts must not hold the lock for it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return (String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self), descriptor)
    }

    private static func removeAbandoned(of target: String) {
        let folder = target.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        let prefix = (target.split(separator: "/").last ?? "") + infix
        for name in Files.names(in: folder.isEmpty ? "/" : folder) where name.hasPrefix(prefix) {
            let path = folder + "/" + name
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unsafe unlink(path) }
            close(descriptor)
        }
    }
}
