internal import CMalloc
internal import Glibc

/// What the system says about itself and this process.
enum Machine {
    /// Cores that are there; at least 1.
    static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Memory of answers goes back to the system only when much of it is free: giving back and taking again the 60 KB of
    /// each page costs a page fault for every 4 KB.
    static func keepFreedMemory() {
        mallopt(M_TRIM_THRESHOLD, 16_777_216)
        mallopt(M_MMAP_THRESHOLD, 4_194_304)
        mallopt(M_TOP_PAD, 262_144)
    }

    static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let parts = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            unsafe entry += 1
        }
        return variables
    }

    /// The folder of this executable, where its companions are.
    static var programFolder: String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
    }
}

/// Signals that are waited for instead of interrupting.
struct Signals {
    private var set = sigset_t()

    init(_ numbers: [Int32]) {
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks until one comes, or for a second: then nil.
    func waitASecond() -> Int32? {
        var set = set
        var limit = timespec(tv_sec: 1, tv_nsec: 0)
        let number = unsafe sigtimedwait(&set, nil, &limit)
        return number > 0 ? number : nil
    }
}
