/// The program's version, as `dashboard version`, the metrics and backups say it.
package enum Version {
    package static let current = "0.1.0"

    /// Compares numbers between dots: 0.10.0 is later than 0.9.1.
    ///
    /// A part that is not a number counts as 0.
    package static func isLater(_ version: String, than other: String) -> Bool {
        numbers(other).lexicographicallyPrecedes(numbers(version))
    }

    private static func numbers(_ version: String) -> [Int] {
        version.split(separator: ".").map { Int($0) ?? 0 }
    }
}
