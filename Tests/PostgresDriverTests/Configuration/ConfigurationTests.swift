import PostgresDriver
import SQLDatabase
import Testing

@Suite("OPS-1: the URL of a PostgreSQL database")
struct ConfigurationTests {
    static let secret = "marker-3f9c"

    @Test(
        "is shown as host, port and name, without user and password",
        arguments: [
            ("postgres://claviger@db.example:6432/keys", "db.example:6432/keys", false),
            ("postgresql://claviger:\(secret)@db.example/keys?sslmode=verify-full", "db.example:5432/keys", true),
            ("postgres://a,b:7000/keys?user=x&password=\(secret)", "a:5432,b:7000/keys", true),
            ("postgres:///keys", "local:5432/keys", false),
            ("postgres://u:%40%2F\(secret)@h/keys", "h:5432/keys", true),
        ]
    )
    func display(url: String, name: String, holds: Bool) throws {
        let configuration = try PostgresConfiguration(url: url, password: nil)
        #expect(configuration.displayName == name)
        #expect(configuration.holdsPassword == holds)
    }

    @Test(
        "is refused with a sentence that never quotes it",
        arguments: [
            "", "keys.db", "sqlite:keys.db", "mysql://h/keys", "postgres:/h", "postgres://h/keys?nothing=\(secret)",
            "postgres://u:\(secret)@ss@h/keys", "postgres://u:\(secret)/ss@h/keys", "postgres://u:7\(secret)",
            "postgres://h:70000/keys", "postgres://h:0/keys", "postgres://u:%\(secret)@h/keys",
            "postgres://u:a?b=c@\(secret)@h/keys",
        ]
    )
    func refused(url: String) {
        let error = #expect(throws: DatabaseError.self) { try PostgresConfiguration(url: url, password: nil) }
        #expect(error?.code == .invalidValue)
        #expect(error.map { String(reflecting: $0).contains(Self.secret) } == false)
        #expect(error?.message.hasPrefix("The URL of the PostgreSQL database ") == true)
    }

    @Test("may leave the password to another source, but not have two")
    func twoPasswords() throws {
        _ = try PostgresConfiguration(url: "postgres://u@h/keys", password: Self.secret)
        #expect(throws: DatabaseError(.invalidValue, "")) {
            try PostgresConfiguration(url: "postgres://u:one@h/keys", password: "two")
        }
    }

    @Test("a configuration prints no password in any way of printing")
    func printsNoPassword() throws {
        let inURL = try PostgresConfiguration(url: "postgres://u:\(Self.secret)@h/keys", password: nil)
        let apart = try PostgresConfiguration(url: "postgres://u@h/keys", password: Self.secret)
        for configuration in [inURL, apart] {
            var dumped = ""
            dump(configuration, to: &dumped)
            dumped += "\(configuration)" + String(reflecting: configuration)
            #expect(!dumped.contains(Self.secret))
        }
    }
}
