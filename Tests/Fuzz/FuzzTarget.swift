import Formats
import HTTP

/// A parser and the properties that hold for every input.
struct FuzzTarget: Sendable {
    let name: String
    /// Stops the process if a property does not hold.
    let run: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ run: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.run = run
    }

    static let all = [
        json, requestBodies, forms, routes, coding, cookies, tokens, cursors, addresses, headers, csv, times,
        zoneFiles, zoneRules, zoneNames, html, texts, settings, environmentFiles, textArrays,
    ]
}

/// Stops the process if the property does not hold; libFuzzer then reports the input.
func check(_ holds: @autoclosure () -> Bool, _ property: StaticString) {
    if !holds() { fatalError("does not hold: \(property)") }
}
