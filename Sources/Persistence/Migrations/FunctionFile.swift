internal import Domain
internal import Formats

/// A file of `migrations/functions/`, part of the binary: functions and triggers as they are in force.
package struct FunctionFile: Sendable, Equatable {
    /// Without folder and ending.
    package let name: String
    package let text: String
    let checksum: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
        checksum = StableHash.of(text)
    }

    /// In the order of their names, in which they are applied.
    package static let all: [FunctionFile] = EmbeddedFile.all
        .filter { $0.name.hasPrefix(folder) }
        .map { FunctionFile(name: String($0.name.dropFirst(folder.count).dropLast(4)), text: $0.text.description) }

    private static let folder = "functions/"
}
