internal import Formats
internal import Glibc
internal import HTTP
internal import Web

/// Checks the address to listen on, and the data directory.
struct MachineExamination {
    let configuration: Configuration

    func findings() -> [Finding] { [folder] + address + secrets + crash }

    private var address: [Finding] {
        if Machine.has(configuration.host) { return [] }
        return [.bad("address", "\(configuration.host) is not an address of this machine", "Change HOST.")]
    }

    private var folder: Finding {
        let folder = configuration.dataDirectory
        if Files.exists(folder) {
            if Files.isWritable(folder) { return .good("data directory", folder) }
            return .bad(
                "data directory", "\(folder) cannot be written to",
                "Give it to the user who runs the service, or set DATA_DIR.")
        }
        guard Files.isWritable(Files.nearestFolder(above: folder)) else {
            return .bad(
                "data directory", "\(folder) does not exist and cannot be created",
                "Create it for the user who runs the service, or set DATA_DIR.")
        }
        return .good("data directory", "\(folder) is created at the first start")
    }

    private var crash: [Finding] {
        guard let last = LastCrash(in: configuration.dataDirectory) else { return [] }
        let path = LastCrash.path(in: configuration.dataDirectory)
        return [
            .warning(
                "last crash", "\(last.signal) at \(last.time), version \(last.version), with \(last.workText)",
                "Report it with the line in \(path) and the log before it; then remove that file.")
        ]
    }

    private var secrets: [Finding] {
        [("token-secret", configuration.tokenSecret), ("discord-token-secret", configuration.discordTokenSecret)]
            .compactMap { name, given in
                let path = configuration.dataDirectory + "/" + name
                guard given == nil, Files.exists(path), !Files.isSecret(path) else { return nil }
                return .bad("secrets", "\(path) can be read by others", "chmod 600 \(path)")
            }
    }
}

extension Files {
    fileprivate static func isSecret(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & 0o077 == 0
    }
}
