import Testing

@testable import Persistence

@Suite struct `The address of a database` {
    @Test(arguments: [
        "postgresql://ann:hunter2@db.example.org:5433/dash?sslmode=require&keepalives_idle=7",
        "host=db.example.org port=5433 user=ann password=hunter2 dbname=dash sslmode=require keepalives_idle=7",
    ])
    func `is taken apart, and the password is no argument`(text: String) throws {
        let address = try #require(ConnectionAddress(text))
        #expect(address.environment["PGHOST"] == "db.example.org" && address.environment["PGPORT"] == "5433")
        #expect(address.environment["PGUSER"] == "ann" && address.environment["PGDATABASE"] == "dash")
        #expect(address.environment["PGPASSWORD"] == "hunter2" && address.environment["PGSSLMODE"] == "require")
        #expect(address.rest == "keepalives_idle='7' ")
    }

    @Test func `keeps what has no variable, but no secret`() throws {
        let address = try #require(ConnectionAddress(#"sslpassword=hunter2 fallback_application_name='a\'b\\c'"#))
        #expect(!address.rest.contains("hunter2") && !address.environment.values.contains("hunter2"))
        #expect(address.rest == #"fallback_application_name='a\'b\\c' "#)
        #expect(ConnectionAddress(address.rest)?.rest == address.rest)
    }

    @Test(arguments: ["hunter2", "postgresql://[x", "host='x", "nonsense=1", "mysql://a/b"])
    func `is none where it is not valid`(text: String) { #expect(ConnectionAddress(text) == nil) }
}
