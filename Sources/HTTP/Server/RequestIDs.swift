internal import Formats

/// Short names of requests: unique within the process's life, unlike those of any other process.
struct RequestIDs {
    private let prefix = String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16)
    private var number: UInt64 = 0

    mutating func next() -> String {
        number += 1
        return prefix + "-" + String(number, radix: 36)
    }
}
