internal import CMalloc
internal import Formats
internal import Glibc
internal import HTTP
internal import Web

/// Facts about the system and this process.
enum Machine {
    /// Cores online; at least 1.
    static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Returns memory of responses to the system only if much of it is free.
    ///
    /// Returning and reallocating the 60 KB of each page costs a page fault for every 4 KB.
    static func keepFreedMemory() {
        mallopt(M_TRIM_THRESHOLD, 16_777_216)
        mallopt(M_MMAP_THRESHOLD, 4_194_304)
        mallopt(M_TOP_PAD, 262_144)
    }

    /// Raises the limit of open descriptors to the hard limit.
    ///
    /// - Returns: the new limit.
    static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        let isRaised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0
        return Int(clamping: isRaised ? raised.rlim_cur : limit.rlim_cur)
    }

    /// Invalid UTF-8 is replaced.
    static var environment: [String: String] { variables.mapValues { String(decoding: $0, as: UTF8.self) } }

    /// Names of variables whose values are not UTF-8.
    static var garbledVariables: Set<String> {
        Set(variables.filter { String(validating: $0.value, as: UTF8.self) == nil }.keys)
    }

    private static var variables: [String: ArraySlice<UInt8>] {
        var variables: [String: ArraySlice<UInt8>] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let bytes = unsafe Array(UnsafeBufferPointer(start: text, count: strlen(text))).map(UInt8.init(bitPattern:))
            let parts = bytes.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(decoding: parts[0], as: UTF8.self)] = parts[1] }
            unsafe entry += 1
        }
        return variables
    }

    /// True if the address belongs to this machine, so that sockets can listen on it.
    static func has(_ address: IPAddress) -> Bool {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(address.description, "0", &hints, &found) == 0, let first = unsafe found else {
            return false
        }
        defer { unsafe freeaddrinfo(first) }
        let descriptor = unsafe socket(first.pointee.ai_family, first.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return errno != EAFNOSUPPORT }
        defer { close(descriptor) }
        return unsafe bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 || errno != EADDRNOTAVAIL
    }

    /// The folder of this executable and its companions.
    static var programFolder: String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
    }
}

/// Signals that are waited for, not handled.
struct Signals {
    private var set = sigset_t()

    init(_ numbers: [Int32]) {
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks until a signal arrives; nil after the timeout.
    func wait(atMost limit: Duration) -> Int32? {
        var set = set
        let (seconds, attoseconds) = limit.components
        var limit = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        let number = unsafe sigtimedwait(&set, nil, &limit)
        return number > 0 ? number : nil
    }

    /// Restores the default action of a signal.
    func unblock(_ number: Int32) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// True if the parent process ignores the signal, for example `nohup`.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
