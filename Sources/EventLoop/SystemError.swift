internal import Glibc

/// A failed system call: which one, and the system's own word for why.
package struct SystemError: Error, CustomStringConvertible, Sendable {
    package let call: String
    package let code: Int32

    /// Reads `errno`, so it must be made right after the call.
    package init(_ call: String) {
        self.init(call, code: errno)
    }

    package init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    package var description: String {
        "\(call): \(unsafe String(cString: strerror(code)))"
    }
}
