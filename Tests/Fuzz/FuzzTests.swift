import Formats
import Foundation
import HTTP
import Testing

/// The targets of script/fuzz without libFuzzer, so that every run of the tests has some of it.
@Suite(.serialized) struct `A parser` {
    /// An input that fails stops the tests: script/fuzz finds it, and shows it.
    @Test(arguments: FuzzTarget.all.map(\.name))
    func `takes the stored inputs and random changes of them`(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let stored = try Self.corpus(name)
        #expect(!stored.isEmpty)
        for input in stored { target.run(input) }
        var mutator = Mutator(seed: 1, stored)
        let end = ContinuousClock.now + .milliseconds(1_200)
        while ContinuousClock.now < end {
            for _ in 0..<20 { target.run(mutator.next()) }
        }
    }

    @Test func `has stored inputs for each target, and no others`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    private static func corpus(_ name: String) throws -> [[UInt8]] {
        let files = try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: name), includingPropertiesForKeys: nil)
        return try files.sorted { $0.path() < $1.path() }.map { [UInt8](try Data(contentsOf: $0)) }
    }
}
