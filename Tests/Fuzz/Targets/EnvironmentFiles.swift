import Formats
import HTTP

extension FuzzTarget {
    static let environmentFiles = FuzzTarget("environment-files") { bytes in
        let content = text(bytes)
        let file = EnvironmentFile(content, path: "file")
        let lines = content.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        check(file.mistakes.count + file.variables.count <= lines, "a line is one variable or one mistake")
        for (name, value) in file.variables {
            check(!name.isEmpty && !name.utf8.contains(UInt8(ascii: "=")), "a variable has a name")
            check(!value.utf8.contains(0), "no value has a byte that is nought")
            let quoted = EnvironmentFile("\(name)='\(value)'", path: "file")
            if !value.utf8.contains(where: { "'\n\r".utf8.contains($0) }) {
                check(quoted.variables == [name: value], "a value in single quotes is itself")
            }
        }
    }
}
