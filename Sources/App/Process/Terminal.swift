internal import Formats
internal import Glibc
internal import HTTP

/// Messages on the terminal.
enum Terminal {
    static func complain(_ message: String) {
        let bytes = Array((message + "\n").utf8)
        unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
