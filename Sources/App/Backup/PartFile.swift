internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP

/// A temporary file that replaces its target once it is complete.
///
/// It is in the same folder, readable only for its owner, and has a unique name, so that two writers do not collide.
///
/// The writer holds a lock on it. A file without a lock was left by a killed process.
struct PartFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// - Throws: `SystemError` if it cannot be created.
    init(of target: String) throws(SystemError) {
        Self.removeAbandoned(of: target)
        while true {
            let (path, descriptor) = try Self.make(target + Self.infix + "XXXXXX")
            // Another process that removes abandoned files may have deleted it before the lock.
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
        // Child processes must not inherit the lock.
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
