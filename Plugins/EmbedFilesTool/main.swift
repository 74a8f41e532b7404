import Foundation

// EmbedFilesTool FOLDER OUTPUT: writes every text file below FOLDER, by relative name, as a static string.
let kinds: Set = ["sql", "css", "js", "svg", "webmanifest", "txt"]
let root = URL(filePath: CommandLine.arguments[1]).standardizedFileURL
let prefix = root.path().hasSuffix("/") ? root.path() : root.path() + "/"
let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
let files = found.map(\.standardizedFileURL).filter { kinds.contains($0.pathExtension) }.sorted {
    $0.path() < $1.path()
}

var source = "/// A file of the repository that is part of the binary.\n"
source += "struct EmbeddedFile: Sendable {\n    let name: String\n    let text: StaticString\n\n"
source += "    static let all: [EmbeddedFile] = [\n"
for file in files {
    let text = try String(contentsOf: file, encoding: .utf8)
    var fence = "#"
    while text.contains("\"\"\"" + fence) || text.contains("\\" + fence) { fence += "#" }
    let name = file.path().dropFirst(prefix.count)
    source += "        EmbeddedFile(name: \"\(name)\", text: \(fence)\"\"\"\n\(text)\n\"\"\"\(fence)),\n"
}
source += "    ]\n}\n"
try source.write(to: URL(filePath: CommandLine.arguments[2]), atomically: true, encoding: .utf8)
