/// Durations in seconds, the unit of every duration in this program.
package enum Seconds {
    package static let minute: Int64 = 60
    package static let hour: Int64 = 3_600
    package static let day: Int64 = 86_400
}
