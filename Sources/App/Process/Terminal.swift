internal import Formats
internal import Glibc
internal import HTTP

/// What a person at the terminal reads.
enum Terminal {
    static func complain(_ message: String) {
        let bytes = Array((message + "\n").utf8)
        unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
