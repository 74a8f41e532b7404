import Testing

@testable import Persistence
@testable import Formats

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

    @Test func `keeps settings without a variable, but no secret`() throws {
        let address = try #require(ConnectionAddress(#"sslpassword=hunter2 fallback_application_name='a\'b\\c'"#))
        #expect(!address.rest.contains("hunter2") && !address.environment.values.contains("hunter2"))
        #expect(address.rest == #"fallback_application_name='a\'b\\c' "#)
        #expect(ConnectionAddress(address.rest)?.rest == address.rest)
    }

    @Test(arguments: [
        ("postgresql://a:hunter2@b:99999/c", "port"), ("port=0", "port"), ("host=a,b port=1,hunter2", "port"),
        ("host=a,b port=1,2,3", "port"), ("sslmode=hunter2", "sslmode"),
        ("sslmode=REQUIRE", "sslmode"), ("target_session_attrs=hunter2", "target_session_attrs"),
        ("channel_binding=hunter2", "channel_binding"), ("gssencmode=hunter2", "gssencmode"),
        ("ssl_min_protocol_version=SSLv3", "ssl_min_protocol_version"), ("connect_timeout=hunter2", "connect_timeout"),
        ("keepalives_idle=1.5", "keepalives_idle"), ("hostaddr=hunter2", "hostaddr"),
        ("hostaddr=127.0.0.1,::1 host=a", "host"),
        ("sslmode=verify-full sslrootcert=/nonexistent/hunter2", "sslrootcert"),
        ("service=hunter2", "service"), ("service=hunter2 dbname=x", "service"), ("port=1,2", "port"),
    ])
    func `reports settings that libpq rejects`(text: String, name: String) throws {
        let mistakes = try #require(ConnectionAddress(text)).mistakes
        #expect(mistakes.count == 1 && mistakes[0].text.hasPrefix(name + " "))
        #expect(!mistakes[0].text.contains("hunter2"))
    }

    @Test(arguments: [
        "postgresql://app:hunter2@secretpart@db.example.org/d", "postgresql://u:123/hunter2@host/db",
        "postgres://u:hunter2/x@host:5432/db", "postgresql://u@example.org:hunter2@host/db",
        "postgresql://u:hunter2@@host", "postgresql://u:1/hunter2@host/db?sslmode=require",
        "postgresql://u:hun?ter2@secret@host/db", "host='a hunter2' dbname=x", "host=a,hunter2/x", "host=a@hunter2",
    ])
    func `is refused if a piece of the password would be its host or database`(text: String) throws {
        let mistakes = try #require(ConnectionAddress(text)).mistakes
        #expect(mistakes.count == 1 && mistakes[0].text.hasSuffix(ConnectionRules.cutPassword))
        #expect(!mistakes[0].text.contains("hunter2") && !mistakes[0].text.contains("secret"))
    }

    @Test(arguments: [
        "postgresql://u%40x:hunter%402%2F@host/a%40b", "user=a@b dbname=c@d password=e@f/g host=@abstract",
        "postgresql://u:p@h?password=a@b/c", "postgresql:///d?host=/a@b,/c", "host='/a folder'",
        "postgresql://%2Frun%2Fpostgresql/d", "postgresql://u:hun?ter2@host/db",
    ])
    func `may have such characters where they are valid`(text: String) throws {
        #expect(try #require(ConnectionAddress(text)).mistakes == [])
    }

    @Test(arguments: [
        "postgresql://a@b:5432,c:05433,d/e?target_session_attrs=read-write", "host=a,b port=1,", "host=a,b port=1",
        "host=/run/postgresql sslmode=disable", "hostaddr=127.0.0.1,::1 host=a,b port=,2", "sslmode=''", "",
        "ssl_min_protocol_version=tlsv1.2 connect_timeout=-1 keepalives=0", "sslrootcert=/nonexistent",
    ])
    func `has settings that libpq takes`(text: String) throws {
        #expect(try #require(ConnectionAddress(text)).mistakes == [])
    }

    @Test func `names the settings that only the server can check`() throws {
        let stray = try #require(ConnectionAddress("host=a")).checkedByServer
        #expect(!stray.contains(nil))
        for text in ["options='-c a=b'", "postgresql://a/b?replication=x"] {
            #expect(try #require(ConnectionAddress(text)).checkedByServer == [nil] + stray)
        }
    }

    @Test(arguments: ["hunter2", "postgresql://[x", "host='x", "nonsense=1", "mysql://a/b"])
    func `is nil if it is invalid`(text: String) { #expect(ConnectionAddress(text) == nil) }
}
