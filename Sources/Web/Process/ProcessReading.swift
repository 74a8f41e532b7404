internal import Formats
internal import Glibc
internal import HTTP

/// Kernel statistics of this process.
struct ProcessReading {
    /// In bytes.
    let residentMemory: Int
    let virtualMemory: Int
    /// CPU time of all cores.
    let processorMicroseconds: Int64
    let openDescriptors: Int
    let maximumDescriptors: UInt

    init() {
        let pages = Self.text("/proc/self/statm").split(separator: " ").compactMap { Int($0) }
        let pageSize = sysconf(Int32(_SC_PAGESIZE))
        virtualMemory = (pages.first ?? 0) * pageSize
        residentMemory = (pages.dropFirst().first ?? 0) * pageSize
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        processorMicroseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        openDescriptors = Self.entries("/proc/self/fd")
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        maximumDescriptors = limit.rlim_cur
    }

    private static func text(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Excludes `.`, `..`, and the descriptor of this directory.
    private static func entries(_ path: String) -> Int {
        guard let folder = unsafe opendir(path) else { return 0 }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        return max(0, count - 3)
    }
}
