import Testing

@testable import App
@testable import Formats
@testable import HTTP

@Suite struct `The configuration` {
    static let secret = "hunter2-" + String(repeating: "0123456789abcdef", count: 4)

    /// The mistakes of these variables.
    static func mistakes(_ environment: [String: String]) -> [String] {
        do throws(Configuration.Mistakes) {
            _ = try Configuration(environment: environment, coreCount: 4, isRoot: false)
            return []
        } catch {
            return error.list
        }
    }

    /// Invalid values of each variable; those of secrets contain `hunter2`.
    static let wrong: [String: [String]] = [
        "DASHBOARD_URL": [
            "ftp://x", "dashboard.example.org", "https://example.org/path", "https://EXAMPLE.org", "https://",
            "https://:8080", "https://a:b", "https://a:0", "https://a:65536", "https://a:", "https://a b",
            "https://user@a", "https://[::1", "https://[::g]", "https://[::AB]", "https://[1.2.3.4]", "https://a?b",
            "//a", "https://a\u{301}", "https://a//",
            "https://-.-", "https://..", "https://a..b", "https://a-.b", "https://.a", "https://a.",
            "https://" + String(repeating: "a", count: 64),
        ],
        "DASHBOARD_DISCORD_CLIENT_ID": ["abc", "-1", "0123", "99999999999999999999", "1 "],
        "DASHBOARD_DISCORD_CLIENT_SECRET": ["hunter2\u{1}", "hunter2\nx", String(repeating: "hunter2", count: 40)],
        "DASHBOARD_OAUTH_CALLBACK": ["https://elsewhere.example.org/api/v1/auth/discord/callback", "x"],
        "DATABASE_URL": [
            "hunter2", "postgresql://[broken-hunter2", "postgresql://a:hunter2@b/c?nonsense=1", "host=a hunter2",
            "host='hunter2", "mysql://a:hunter2@b/c", "postgresql://a:hunter2%@b/c",
            "postgresql://a:hunter2@b:99999/c?sslmode=hunter2",
        ],
        "DATABASE_POOL_SIZE": ["0", "many", "1e3", "1001", "-1", " 4"],
        "HOST": ["nonsense", "256.1.1.1", "127.0.0.1:80", "dashboard.example.org", "[::1]", "0x7f.1"],
        "PORT": ["x", "-1", "65536", "8080 ", "80.0", "http", "+4716", "08080", "-0", "\u{0664}"],
        "DATA_DIR": ["/etc/passwd", "/a\nb", "/" + String(repeating: "a", count: 1_001)],
        "JWT_SECRET": [
            "hunter2-too-short", String(secret.dropLast(9)), String(repeating: "x", count: 70),
            String(repeating: " ", count: 70), String(repeating: "hunter2", count: 10),
        ],
        "JWT_SECRET_PREVIOUS": ["hunter2-too-short", String(repeating: "hunter2", count: 10)],
        "DISCORD_TOKEN_SECRET": ["hunter2-too-short", String(repeating: "0", count: 64)],
        "DISCORD_TOKEN_SECRET_PREVIOUS": ["hunter2-too-short"],
        "RATE_LIMIT_USER_PER_MINUTE": ["0", "-5", "lots", "10000001"],
        "RATE_LIMIT_TENANT_PER_MINUTE": ["0", "1.5"],
        "RATE_LIMIT_KEY_PER_MINUTE": ["0", " "],
        "API_KEY_SCOPES": ["off", "ENFORCE"],
        "RATE_LIMIT_SIGN_IN_PER_15_MINUTES": ["0", "ten"],
        "CORS_ALLOWED_ORIGINS": [
            "*", "null", "https://a.example/b", "https://a.example,x,y", "https://A.example", "a\nb",
        ],
        "TRUSTED_PROXIES": ["*", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1,x,y", "proxy.example.org", "::1\u{2028}x"],
        "LOG_LEVEL": ["loud", "INFO", "trace"],
        "LOG_FORMAT": ["xml", "JSON"],
        "METRICS_TOKEN": ["hunter2-too-short", "hunter2 " + secret, "hunter2é" + secret, secret + "\n" + secret],
        "OPERATOR_NAME": ["a\u{7}b", "a\nb", String(repeating: "a", count: 201)],
        "OPERATOR_CONTACT": ["a\u{1b}[31m", String(repeating: "a", count: 501)],
        "DISCORD_API_BASE": [
            "discord.com", "ftp://discord.com", "https://discord.com/api/", "https://d.com/a?b", "https://",
        ],
    ]

    @Test func `is tested for every variable`() {
        #expect(Set(Self.wrong.keys) == Set(Variable.all.map(\.name)))
    }

    @Test(arguments: wrong.flatMap { name, values in values.map { (name, $0) } })
    func `has one line for a wrong value, without the secret`(name: String, value: String) {
        var environment = [name: value]
        // The one without the other would be a mistake of its own.
        if name == "DASHBOARD_DISCORD_CLIENT_ID" { environment["DASHBOARD_DISCORD_CLIENT_SECRET"] = "s" }
        if name == "DASHBOARD_DISCORD_CLIENT_SECRET" { environment["DASHBOARD_DISCORD_CLIENT_ID"] = "1" }
        let mistakes = Self.mistakes(environment)
        #expect(mistakes.count == 1, "\(mistakes)")
        for mistake in mistakes {
            #expect(mistake.hasPrefix(name + " "))
            #expect(!mistake.contains("hunter2") && !mistake.utf8.contains { $0 < 32 })
        }
    }

    @Test func `has a line for each of many mistakes`() throws {
        let all = Self.mistakes(Self.wrong.mapValues { $0[0] })
        let named = all.map { String($0.prefix { $0 != " " }) }
        #expect(named.sorted() == Self.wrong.keys.sorted())
    }

    @Test(arguments: Variable.all.map(\.name))
    func `takes no variable twice, and does not repeat the file's name`(name: String) {
        let both = Self.mistakes([name: "hunter2", name + "_FILE": "/hunter2"])
        #expect(both.contains { $0.hasPrefix("\(name) and \(name)_FILE are both set") })
        let missing = Self.mistakes([name + "_FILE": "/hunter2"])
        #expect(missing.contains { $0.hasPrefix("\(name)_FILE names a file") })
        #expect(!(both + missing).contains { $0.contains("hunter2") })
    }

    @Test func `takes valid values`() {
        let right = [
            "DASHBOARD_URL": "https://[2001:db8::1]:8443", "DASHBOARD_DISCORD_CLIENT_ID": "1234567890123456789",
            "DASHBOARD_DISCORD_CLIENT_SECRET": "a secret", "DATABASE_URL": "postgresql://a:b@/c?host=/tmp&host=/run",
            "DATABASE_POOL_SIZE": "1000", "HOST": "::", "PORT": "0", "DATA_DIR": "/tmp", "JWT_SECRET": Self.secret,
            "CORS_ALLOWED_ORIGINS": " https://a.example , http://localhost:3000/ ,", "METRICS_TOKEN": Self.secret,
            "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,fd00::/8", "DISCORD_API_BASE": "http://127.0.0.1:1/api",
            "OPERATOR_NAME": "Zoë & Ħenry", "LOG_LEVEL": "error", "SOMETHING_ELSE": "x", "DASHBOARD_COLOUR": "x",
        ]
        #expect(Self.mistakes(right) == [])
        #expect(Self.mistakes(Dictionary(uniqueKeysWithValues: Variable.all.map { ($0.name, "") })) == [])
    }
}

@Suite struct `The list of variables` {
    static let root = String(#filePath.prefix { $0 != " " }).split(separator: "/").dropLast(3).reduce("") {
        $0 + "/" + $1
    }

    @Test func `has each variable that the configuration reads once`() throws {
        var reader = EnvironmentReader([:])
        _ = try Configuration(&reader, [:], coreCount: 1, isRoot: true)
        #expect(reader.names.sorted() == Variable.all.map(\.name).sorted())
    }

    @Test func `names defaults that equal an unset variable`() throws {
        let defaults = Variable.all.filter { !$0.standard.isEmpty }.map { ($0.name, $0.standard) }
        let one = try Configuration(environment: [:], coreCount: 2, isRoot: true)
        let other = try Configuration(
            environment: Dictionary(uniqueKeysWithValues: defaults), coreCount: 2, isRoot: true)
        #expect("\(one)" == "\(other)")
    }

    @Test func `is in the example, word for word`() {
        #expect(Files.read(Self.root + "/.env.example") == Variable.example)
    }

    @Test(arguments: Variable.all.map(\.name)) func `is in the table of the documents`(name: String) throws {
        let page = try #require(Files.read(Self.root + "/docs/configuration.md"))
        #expect(page.contains("\n| `\(name)` |"))
    }

    @Test func `is an environment file when nothing is commented out`() {
        let lines = Variable.example.split(separator: "\n").map {
            $0.hasPrefix("#") && !$0.hasPrefix("# ") && $0 != "#" ? $0.dropFirst() : $0
        }
        let file = EnvironmentFile(lines.joined(separator: "\n"), path: "x")
        #expect(file.mistakes == [])
        #expect(file.variables == Dictionary(uniqueKeysWithValues: Variable.all.map { ($0.name, $0.standard) }))
    }
}
