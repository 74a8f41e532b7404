internal import Domain
internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Web

/// A backup: the custom format of `pg_dump`, then the manifest, and a last line with the length of the manifest.
///
/// `pg_restore` ignores the bytes after its own format, so it can read the file too.
struct BackupFile {
    enum Unfit: Error, Equatable, CustomStringConvertible {
        case unreadable(String)
        case foreign
        case damaged

        var description: String {
            switch self {
            case .unreadable(let reason): "it cannot be read: \(reason)"
            case .foreign: "it is not a backup of this program, or its end is missing"
            case .damaged: "it was damaged or changed since it was written"
            }
        }
    }

    private static let mark = "\nTRACKING-DASHBOARD-BACKUP 1 "
    /// Digits of the manifest's length.
    private static let digits = 12
    private static var endLength: Int { mark.utf8.count + digits + 1 }

    let manifest: BackupManifest

    /// Reads and verifies the whole file.
    init(reading path: String, unless isStopped: () -> Bool = { false }) throws(Unfit) {
        // Opening a pipe would wait for a writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable("\(SystemError("open"))") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable("it is no file")
        }
        let end = Self.read(descriptor, from: status.st_size - Self.endLength, count: Self.endLength)
        guard let end, end.starts(with: Self.mark.utf8), end.last == UInt8(ascii: "\n"),
            let length = Int(String(decoding: end.dropLast().suffix(Self.digits), as: UTF8.self)),
            length > 0, length <= status.st_size - Self.endLength
        else { throw .foreign }
        let dump = status.st_size - Self.endLength - length
        guard let json = Self.read(descriptor, from: dump, count: length), let manifest = BackupManifest(json: json)
        else { throw .foreign }
        guard try Self.digest(descriptor, count: dump, unless: isStopped) == manifest.digest else { throw .damaged }
        self.manifest = manifest
    }

    /// SHA-256 of the first bytes.
    private static func digest(
        _ descriptor: Int32, count: Int, unless isStopped: () -> Bool
    ) throws(Unfit) -> [UInt8] {
        var digest = Digest()
        var position = 0
        while position < count {
            if isStopped() { throw .unreadable("it was not read to its end") }
            guard let piece = read(descriptor, from: position, count: min(1_048_576, count - position)) else {
                throw .damaged
            }
            digest.add(piece[...])
            position += piece.count
        }
        return digest.finish()
    }

    /// Nil if there are fewer bytes.
    private static func read(_ descriptor: Int32, from start: Int, count: Int) -> [UInt8]? {
        guard start >= 0 else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: count)
        while bytes.count < count {
            let got = unsafe pread(descriptor, &chunk, count - bytes.count, start + bytes.count)
            guard got > 0 else { return nil }
            bytes += chunk[0..<got]
        }
        return bytes
    }

    // MARK: Writing

    /// SHA-256 of the whole file.
    static func digest(of path: String, unless isStopped: () -> Bool) throws(Unfit) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable("\(SystemError("open"))") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable("\(SystemError("stat"))") }
        return try digest(descriptor, count: status.st_size, unless: isStopped)
    }

    /// Turns the output of `pg_dump` into a backup, and syncs it to disk.
    static func append(_ manifest: BackupManifest, to path: String) throws(SystemError) {
        let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("opening \(path)") }
        defer { close(descriptor) }
        let json = manifest.json
        let number = String(json.count)
        let bytes =
            json + Array((mark + String(repeating: "0", count: digits - number.utf8.count) + number + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            guard count > 0 else { throw SystemError("writing \(path)") }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw SystemError("writing \(path)") }
    }
}
