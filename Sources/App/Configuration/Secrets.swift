internal import Domain
internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Web

/// Secrets that the operator did not set: generated on the first start and stored in the data directory.
enum Secrets {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func keys(_ configuration: Configuration) throws(Failure) -> Keys {
        let previous = configuration.previousTokenSecret?.bytes
        if let given = configuration.tokenSecret { return Keys(current: given.bytes, previous: previous) }
        let kept = try keptOrMade(configuration.dataDirectory + "/token-secret", loss: "which signs everyone out")
        return Keys(current: kept.bytes, previous: previous)
    }

    /// For Discord's tokens.
    ///
    /// A separate secret, so that a leak of one does not reveal the other.
    static func vault(_ configuration: Configuration) throws(Failure) -> TokenVault {
        let previous = configuration.previousDiscordTokenSecret?.bytes
        if let given = configuration.discordTokenSecret {
            return TokenVault(current: given.bytes, previous: previous)
        }
        let kept = try keptOrMade(
            configuration.dataDirectory + "/discord-token-secret",
            loss: "rights are then read from Discord again when people sign in")
        return TokenVault(current: kept.bytes, previous: previous)
    }

    private static func keptOrMade(_ path: String, loss: String) throws(Failure) -> Secret {
        if let kept = Files.read(path), kept.utf8.count >= 64 { return Secret(kept) }
        guard !Files.exists(path) else {
            throw Failure(
                description: "\(path) cannot be read, or is too short: repair or remove it (\(loss))")
        }
        let made = Hex.encode(Crypto.random(64))
        guard Files.writePrivately(made, to: path) else {
            throw Failure(description: "\(path) could not be written: \(SystemError("write"))")
        }
        return Secret(made)
    }
}

/// Prevents a second service on the same data directory, as long as this process lives.
struct DataDirectoryLock {
    private let descriptor: Int32

    /// - Throws: `Configuration.Mistakes` if the folder is not writable, `Secrets.Failure` if another process holds the
    ///   lock.
    static func take(_ folder: String) throws -> DataDirectoryLock {
        guard Files.makeFolder(folder, mode: 0o711) else {
            throw Configuration.Mistakes(list: ["DATA_DIR \(folder) could not be created: \(SystemError("mkdir"))"])
        }
        let descriptor = unsafe open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Configuration.Mistakes(list: ["DATA_DIR \(folder) cannot be written to: \(SystemError("open"))"])
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Secrets.Failure(description: "DATA_DIR \(folder) is in use by another dashboard")
        }
        return DataDirectoryLock(descriptor: descriptor)
    }
}
