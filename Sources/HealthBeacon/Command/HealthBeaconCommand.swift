internal import Formats
internal import Glibc

/// The executable `health-beacon`: stands in for the heartbeat of a bot that does not write its own.
@main struct HealthBeaconCommand {
    static func main() {
        let options: BeaconOptions
        do {
            options = try BeaconOptions(
                Array(CommandLine.arguments.dropFirst()),
                address: unsafe getenv("DATABASE_URL").map { unsafe String(cString: $0) })
        } catch {
            say(error.message)
            exit(error.code)
        }
        let loop = BeaconLoop(options)
        exit(options.isOnce ? loop.runOnce() : loop.run())
    }
}

/// A line on standard error.
///
/// It never holds the database's address.
func say(_ message: String) {
    let bytes = Array((message + "\n").utf8)
    unsafe write(STDERR_FILENO, bytes, bytes.count)
}
