internal import Formats
internal import Glibc

/// The executable `health-beacon`: sends heartbeats for a bot that does not send its own.
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

/// Writes a line to standard error.
///
/// It never contains the database's address.
func say(_ message: String) {
    let bytes = Array((message + "\n").utf8)
    unsafe write(STDERR_FILENO, bytes, bytes.count)
}
