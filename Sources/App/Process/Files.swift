internal import Formats
internal import Glibc
internal import HTTP

/// File system helpers.
enum Files {
    /// Nil if it is not a file, cannot be read, is larger than a megabyte or is not UTF-8.
    static func read(_ path: String) -> String? {
        // Opening a pipe would wait for a writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= 1_048_576 {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return String(validating: bytes, as: UTF8.self) }
            guard count > 0 else { return nil }
            bytes += chunk[0..<count]
        }
        return nil
    }

    /// Writes a file atomically, readable only for its owner.
    ///
    /// - Returns: false if that fails, with the reason in `errno`.
    static func writePrivately(_ text: String, to path: String) -> Bool {
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let bytes = Array(text.utf8)
        let isWritten = unsafe write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        return unsafe isWritten && rename(temporary, path) == 0
    }

    /// The names in a folder; empty if it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    /// True if the path does not exist or is a regular file, not a link.
    static func isFileOrNothing(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    }

    /// The absolute path, resolved against the current folder.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        var buffer = [CChar](repeating: 0, count: 4_096)
        guard unsafe getcwd(&buffer, buffer.count) != nil else { return path }
        let folder = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: folder, as: UTF8.self) + "/" + path
    }

    /// True if both paths lead to the same folder; nil if the first may not be followed.
    static func isSameFolder(_ path: String, _ other: String) -> Bool? {
        var (status, otherStatus) = (stat(), stat())
        guard unsafe stat(path, &status) == 0 else { return errno == ENOENT || errno == ESRCH ? false : nil }
        guard unsafe stat(other, &otherStatus) == 0 else { return false }
        return status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
    }

    /// True if a folder belongs to that user, and others have no access.
    static func isPrivate(_ path: String, to user: uid_t) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            && status.st_uid == user && status.st_mode & 0o077 == 0
    }

    /// The target of a symbolic link; nil if it cannot be read.
    static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = unsafe readlink(path, &buffer, buffer.count)
        guard length > 0 else { return nil }
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A folder that only this user can enter; nil if it cannot be created, with the reason in `errno`.
    static func makeTemporaryFolder() -> String? {
        var template = Array("/tmp/tracking-dashboard-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe mkdtemp(start) != nil
        }
        return isMade ? String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// True if this user may create files there.
    static func isWritable(_ folder: String) -> Bool { unsafe access(folder, W_OK | X_OK) == 0 }

    /// The nearest existing folder above the path.
    static func nearestFolder(above path: String) -> String {
        var parts = path.split(separator: "/")
        while !parts.isEmpty, !exists("/" + parts.joined(separator: "/")) { parts.removeLast() }
        return "/" + parts.joined(separator: "/")
    }

    /// Creates a folder and its parents.
    static func makeFolder(_ path: String, mode: mode_t) -> Bool {
        if exists(path) { return true }
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        if !parent.isEmpty, path.hasPrefix("/"), !makeFolder("/" + parent, mode: 0o755) { return false }
        return unsafe mkdir(path, mode) == 0 || errno == EEXIST
    }
}
