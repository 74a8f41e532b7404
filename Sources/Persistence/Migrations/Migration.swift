internal import Formats

/// One file of `migrations/`, embedded in the binary.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    let text: StaticString

    /// Sorted by number.
    ///
    /// The names are fixed in the repository, and a test checks them.
    package static let all: [Migration] = EmbeddedFile.all
        .compactMap { file in
            guard let number = Int(file.name.prefix(4)), file.name.hasSuffix(".sql") else { return nil }
            return Migration(number: number, name: String(file.name.dropFirst(5).dropLast(4)), text: file.text)
        }
        .sorted { $0.number < $1.number }
}
