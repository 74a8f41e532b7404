/// The program's version, for `dashboard version`, the metrics and backups.
enum Version {
    static let current = "0.1.0"
}
