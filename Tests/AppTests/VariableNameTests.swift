import Testing

@testable import App
@testable import Formats
@testable import HTTP

@Suite struct `An unknown variable name` {
    @Test(arguments: [
        ("DASHBORD_URL", "DASHBOARD_URL"), ("dashboard_url", "DASHBOARD_URL"), ("DASHBOARDURL", "DASHBOARD_URL"),
        ("DATABASE_URI", "DATABASE_URL"), ("DISCORD_CLIENT_SECRET", "DASHBOARD_DISCORD_CLIENT_SECRET"),
        ("DASHBOARD_PORT", "PORT"), ("DASHBOARD_DISCORD_CLIENT_SECRET_FIEL", "DASHBOARD_DISCORD_CLIENT_SECRET_FILE"),
        ("JWT_SECRETS", "JWT_SECRET"), ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ("MY_DATABASE_URL", "DATABASE_URL"), ("METRIC_TOKEN", "METRICS_TOKEN"),
    ])
    func `is reported with the known name that it resembles`(name: String, meant: String) {
        #expect(Variable.nearest(to: name) == meant)
    }

    @Test(arguments: [
        "HOME", "PATH", "TZ", "LANG", "USER", "X", "POSTGRES_PASSWORD", "PGHOST", "PGPASSWORD", "DATABASE_HOST",
        "NODE_ENV", "SMTP_SERVER", "URL", "LEVEL", "ENV_FILE",
    ])
    func `is ignored if it resembles none`(name: String) { #expect(Variable.nearest(to: name) == nil) }

    @Test(arguments: ["DASHBOARD_URI", "DASHBORD_URL", "dashboard_url", "DISCORD_CLIENT_ID", "RATE_LIMIT", "LOG_X"])
    func `is reported if it begins as a variable of this program`(name: String) { #expect(Variable.beginsAsOne(name)) }

    @Test(arguments: ["HOME", "PORTS", "MY_DATABASE_URL", "LOGS_X", "_X", "", "DASHBOARDURL", "GPG_TTY"])
    func `is ignored if it belongs to another program`(name: String) { #expect(!Variable.beginsAsOne(name)) }

    @Test(arguments: Variable.all.map(\.name)) func `is ignored if it is a known name`(name: String) {
        #expect(Variable.nearest(to: name) == nil)
        #expect(Variable.nearest(to: name + "_FILE") == nil)
    }

    @Test(arguments: [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2)])
    func `is compared letter by letter`(one: String, other: String, distance: Int) {
        #expect(Variable.distance(Array(one.utf8), Array(other.utf8)) == distance)
        #expect(Variable.distance(Array(other.utf8), Array(one.utf8)) == distance)
    }
}
