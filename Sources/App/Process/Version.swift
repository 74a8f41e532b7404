/// The program's version, as `dashboard version`, the metrics and backups say it.
enum Version {
    static let current = "0.1.0"
}
