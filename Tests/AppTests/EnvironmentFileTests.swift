import Testing

@testable import App
@testable import Formats
@testable import HTTP

@Suite struct `A file of variables` {
    @Test(arguments: [
        ("A=b", "b"), ("A=", ""), ("  A=b  ", "b"), ("export A=b", "b"), ("A=b c", "b c"), ("A=b # c", "b"),
        ("A=b#c", "b#c"), ("A=#c", ""), ("A= b", "b"), ("A=b=c", "b=c"), ("A='b # c'", "b # c"), ("A='b' # c", "b"),
        (#"A="b\n\t\"\\\$c""#, "b\n\t\"\\$c"), (#"A='b\n'"#, #"b\n"#), ("A=b'c", "b'c"), ("A=$HOME", "$HOME"),
        ("A=''", ""), ("\u{9}A=b", "b"), ("A=é\u{301}", "é\u{301}"), ("A=b\r", "b"), ("A=\"b\"\r", "b"),
    ])
    func `has a value a line`(line: String, value: String) {
        let file = EnvironmentFile(line, path: "x")
        #expect(file.variables == ["A": value])
        #expect(file.mistakes == [])
    }

    @Test(arguments: ["", " ", "#", "# A=b", "  # A=b", "\r", "\u{9}"]) func `has comments and empty lines`(
        line: String
    ) {
        #expect(EnvironmentFile(line, path: "x") == EnvironmentFile("", path: "x"))
    }

    @Test(arguments: [
        "hunter2", "=hunter2", "1A=hunter2", "A =hunter2", "A-B=hunter2", "A='hunter2", "A=\"hunter2", "A='hunter2'x",
        #"A="hunter2\x""#, #"A="hunter2\"#, "é=hunter2", "export hunter2", "hunter2 A=b", "A=hunter2\0",
    ])
    func `has one error for a wrong line, with its number and without the value`(line: String) {
        let file = EnvironmentFile("B=1\r\n\n\(line)\nC=2", path: "/etc/x.env")
        #expect(file.variables == ["B": "1", "C": "2"])
        #expect(file.mistakes.count == 1)
        #expect(file.mistakes[0].hasPrefix("ENV_FILE /etc/x.env, line 3: "))
        #expect(!file.mistakes[0].contains("hunter2"))
    }

    @Test func `has each variable once`() {
        let file = EnvironmentFile("A=1\nB=2\nA=hunter2\n", path: "x")
        #expect(file.mistakes == ["ENV_FILE x, line 3: A was set before"])
        #expect(file.variables == ["A": "1", "B": "2"])
    }
}

@Suite struct `The environment and a file of variables` {
    @Test(
        arguments: [
            ([:], ["A": "f"], ["A": "f"]), (["A": "e"], ["A": "f"], ["A": "e"]), (["A": ""], ["A": "f"], ["A": "f"]),
            (["A_FILE": "e"], ["A": "f"], ["A_FILE": "e"]), (["A": "e"], ["A_FILE": "f"], ["A": "e"]),
            (["A": ""], ["A_FILE": "f"], ["A_FILE": "f"]), (["A": "e"], ["B": "f"], ["A": "e", "B": "f"]),
            ([:], ["A": "f", "A_FILE": "f"], ["A": "f", "A_FILE": "f"]),
        ] as [([String: String], [String: String], [String: String])])
    func `go together, and the environment wins`(
        own: [String: String], file: [String: String], together: [String: String]
    ) {
        #expect(Configuration.merged(file, under: own) == together)
    }
}
