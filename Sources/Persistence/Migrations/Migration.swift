internal import Formats

/// One file of `migrations/`, part of the binary.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    let text: StaticString

    /// In order of their numbers.
    ///
    /// The names are the repository's own and checked by a test.
    package static let all: [Migration] = EmbeddedFile.all
        .compactMap { file in
            guard let number = Int(file.name.prefix(4)), file.name.hasSuffix(".sql") else { return nil }
            return Migration(number: number, name: String(file.name.dropFirst(5).dropLast(4)), text: file.text)
        }
        .sorted { $0.number < $1.number }
}
