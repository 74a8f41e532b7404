import Foundation
import PackagePlugin

/// Turns text files (SQL, CSS, JavaScript, SVG) into a Swift file, so that the service is one binary.
@main struct EmbedFiles: BuildToolPlugin {
    private static let folders = [
        "App": "Sources/App/Demo", "Domain": "Sources/Domain/Settings", "Persistence": "migrations",
        "Web": "Sources/Web/Assets",
    ]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let folder = Self.folders[target.name] else { return [] }
        let root = context.package.directoryURL.appending(path: folder)
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        return [
            .buildCommand(
                displayName: "Embed \(folder)",
                executable: try context.tool(named: "EmbedFilesTool").url,
                arguments: [root.path(), output.path()],
                inputFiles: try files(below: root),
                outputFiles: [output])
        ]
    }

    private func files(below root: URL) throws -> [URL] {
        let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return (found?.allObjects as? [URL] ?? []).filter { !$0.hasDirectoryPath }.sorted { $0.path() < $1.path() }
    }
}
