package import Domain
package import Formats
package import Persistence

/// Columns by number, for the one-off statements of tests.
///
/// A value of an unexpected type ends the run, with its place.
extension Row {
    package func value<Value: ColumnValue>(_ column: Int, as _: Value.Type = Value.self) -> Value {
        do throws(Misreading) {
            return try Value(self, column)
        } catch {
            fatalError("column \(column) of a test's statement: \(error)")
        }
    }

    package func int(_ column: Int) -> Int { value(column) }
    package func integer(_ column: Int) -> Int64 { value(column) }
    package func boolean(_ column: Int) -> Bool { value(column) }
    package func text(_ column: Int) -> String { value(column) }
    package func data(_ column: Int) -> [UInt8] { value(column) }
    package func day(_ column: Int) -> CalendarDay { value(column) }
    package func id<ID: ColumnValue & Identifier>(_ column: Int) -> ID { value(column) }
    package func optionalInteger(_ column: Int) -> Int64? { value(column) }
    package func optionalText(_ column: Int) -> String? { value(column) }
    package func optionalData(_ column: Int) -> [UInt8]? { value(column) }
    package func optionalID<ID: ColumnValue & Identifier>(_ column: Int) -> ID? { value(column) }
    package func optionalTimestamp(_ column: Int) -> Timestamp? { value(column) }
}

extension Rows {
    package func map<Value>(_ read: (Row) -> Value) -> [Value] { (0..<count).map { read(self[$0]) } }
}
