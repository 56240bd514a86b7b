import ClavigerServer
import Commands
import Foundation
import Testing

@Suite("The database's settings")
struct DatabaseSettingTests {
    @Test(
        "DST-1: a file or a PostgreSQL URL is taken",
        arguments: [
            "sqlite:claviger.sqlite", "sqlite:/var/lib/claviger/db", "postgres://claviger@db.example.com/claviger",
            "postgresql://claviger@db.example.com:5433/claviger?sslmode=verify-full", "postgres:///claviger",
            "postgres://a,b:5433/claviger?target_session_attrs=read-write", "postgres://[::1]:5432/claviger",
            "postgres://%2Frun%2Fpostgresql/claviger", "postgres:///?dbname=claviger&host=/run/postgresql",
        ]
    )
    func forms(_ text: String) throws {
        let settings = try configuration(environment: ["CLAVIGER_DATABASE": text])
        #expect(settings.settings.entry(ServerSetting.database).shownValue == text)
        if case .postgres(let url) = settings.database { #expect(!url.holdsPassword) }
    }

    @Test(
        "OPS-1: what is no database is refused with what is wrong, and never repeated: it may hold a password",
        arguments: [
            ("hunter2", "begins with no scheme"), (":hunter2", "begins with no scheme"),
            ("sqlite:", "names no file"), ("mysql://u:hunter2@h/n", "a scheme that is none of sqlite, postgres and"),
            ("Postgres://u:hunter2@h/n", "a scheme that is none of"),
            ("postgres:u:hunter2@h/n", "lacks the two slashes"),
            ("postgres:/u:hunter2@h/n", "lacks the two slashes"), ("postgres://", "names no database"),
            ("postgres:///", "names no database"), ("postgres://hunter2", "names no database"),
            ("postgres://u:hunter2@h", "names no database"), ("postgres://u:hunter2@h/?dbname=", "names no database"),
            ("postgres://u:hun@ter2@h/n", "an @ too many"), ("postgres://u:hun/hunter2@h/n", "an @ too many"),
            ("postgres://u:hunter2@h/n/m", "a / too many"),
            ("postgres://u:hunter2@h/n?sslmode", "not written name=value"),
            ("postgres://u:hunter2@h/n?%zz=1", "not written name=value"),
            ("postgres://u:hun ter2@h/n", "a blank or another character"),
            ("postgres://u:hunter2@h:99999/n", "port"), ("postgres://u:hunter2@h/n?nonsense=1", "can't be understood"),
            ("", "the value can't be used"),
        ]
    )
    func refused(_ text: String, _ sentence: String) {
        for refusal in [
            refusal(environment: ["CLAVIGER_DATABASE": text]), refusal(environment: ["CLAVIGER_DATABASE_URL": text]),
            refusal(flags: ["--database", text]),
        ] {
            #expect(refusal.contains(sentence), "\(refusal)")
            #expect(!refusal.contains("hunter2") && !refusal.contains("ter2@"), "\(refusal)")
        }
    }

    @Test(
        "OPS-1: a password in the URL is taken from the environment, never shown, and refused in a flag",
        arguments: [
            (
                "postgres://u:hunter2@h:5433/n?sslmode=require",
                "postgres://u:[redacted]@h:5433/n?sslmode=require"
            ),
            ("postgres://h/n?user=u&password=hunter2", "postgres://h/n?user=u&password=[redacted]"),
            ("postgres://h/n?p%61ssword=hunter2", "postgres://h/n?p%61ssword=[redacted]"),
            ("postgres://h/n?sslpassword=hunter2", "postgres://h/n?sslpassword=[redacted]"),
            ("postgres://:hunter2@h/n", "postgres://:[redacted]@h/n"),
        ]
    )
    func password(_ text: String, _ shown: String) throws {
        for name in ["CLAVIGER_DATABASE", "CLAVIGER_DATABASE_URL"] {
            let settings = try configuration(environment: [name: text])
            #expect(settings.settings.entry(ServerSetting.database).shownValue == shown)
            #expect(!"\(settings.database)".contains("hunter2"))
            guard case .postgres(let url) = settings.database else { return #expect(Bool(false)) }
            #expect(url.holdsPassword)
            #expect(url.revealed() == text)
            #expect(!String(reflecting: url).contains("hunter2"))
        }
        let refusal = refusal(flags: ["--database", text])
        for way in ["flag --database", "database_password_file", "CLAVIGER_DATABASE_URL", "YAML", "PGPASSWORD"] {
            #expect(refusal.contains(way), "\(refusal)")
        }
        #expect(!refusal.contains("hunter2"))
    }

    @Test("OPS-1: `claviger config` shows a URL without its password")
    func config() async {
        let environment = ["HOME": "/h", "CLAVIGER_DATABASE_URL": "postgres://u:hunter2@h/n"]
        for arguments in [["config"], ["config", "-o", "json"]] {
            let console = RecordingConsole(environment: environment)
            #expect(await console.run(arguments) == .done)
            #expect(console.output.contains("postgres://u:[redacted]@h/n"))
            #expect(console.output.contains("environment variable CLAVIGER_DATABASE_URL"))
            #expect(!console.output.contains("hunter2"))
        }
    }

    @Test("OPS-1: a password in the YAML file is taken, and neither shown nor repeated by a refusal")
    func yaml() throws {
        let text = "database: postgres://u:hunter2@h/n\n"
        let settings = try ResolvedSettings(flags: [], environment: [:], file: (path: "c.yaml", text: text))
        #expect(settings.entry(ServerSetting.database).shownValue == "postgres://u:[redacted]@h/n")
        for wrong in ["database: mysql://u:hunter2@h/n", "database: [postgres://u:hunter2@h/n]"] {
            do throws(ConfigurationError) {
                _ = try ResolvedSettings(flags: [], environment: [:], file: (path: "c.yaml", text: wrong))
                #expect(Bool(false), "accepted")
            } catch {
                #expect(error.message.contains("file c.yaml, key database"))
                #expect(!error.message.contains("hunter2"))
            }
        }
    }

    @Test("OPS-1: a password in a YAML file that others may read stops the start, and chmod 600 is the advice")
    func openFile() async throws {
        try await inTemporaryDirectory { folder in try Self.checkModes(of: folder + "/claviger.yaml") }
    }

    private static func checkModes(of path: String) throws {
        func load(_ text: String, mode: Int) throws(ConfigurationError) -> ServerConfiguration {
            try? text.write(toFile: path, atomically: false, encoding: .utf8)
            try? FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            return try ConfigurationLoader.load(flags: [], file: path, environment: ["HOME": "/h"])
        }
        let secret = "database: postgres://u:hunter2@h/n\n"
        for mode in [0o644, 0o640, 0o604, 0o602] {
            do throws(ConfigurationError) {
                _ = try load(secret, mode: mode)
                #expect(Bool(false), "accepted with mode \(String(mode, radix: 8))")
            } catch {
                #expect(error.message.contains("chmod 600 \(path)"))
                #expect(!error.message.contains("hunter2"))
            }
        }
        _ = try load(secret, mode: 0o600)
        _ = try load("database: postgres://u@h/n\n", mode: 0o644)
    }

    @Test("OPS-1: a password has one way, a database one variable, and a file database no password")
    func contradictions() throws {
        let url = ["CLAVIGER_DATABASE": "postgres://u@h/n"]
        let file = ["CLAVIGER_DATABASE_PASSWORD_FILE": "~/password"]
        #expect(try configuration(environment: url.merging(file) { $1 }).databasePasswordFile == "/home/ada/password")
        let both = refusal(environment: file.merging(["CLAVIGER_DATABASE_URL": "postgres://u:hunter2@h/n"]) { $1 })
        #expect(
            both.contains("CLAVIGER_DATABASE_URL and environment variable CLAVIGER_DATABASE_PASSWORD_FILE: both give")
        )
        #expect(!both.contains("hunter2"))
        #expect(refusal(environment: file).contains("is for a PostgreSQL database, and database is a file"))
        let twice = refusal(environment: url.merging(["CLAVIGER_DATABASE_URL": "postgres://u@h/n"]) { $1 })
        #expect(twice.contains("CLAVIGER_DATABASE and CLAVIGER_DATABASE_URL: both set database"))
    }

    @Test("OPS-1: a node keeps 1 to 200 connections", arguments: [("0", nil), ("1", 1), ("200", 200), ("201", nil)])
    func connections(_ text: String, _ expected: Int?) throws {
        let environment = ["CLAVIGER_DATABASE_CONNECTIONS": text]
        guard let expected else {
            #expect(refusal(environment: environment).contains("a whole number of connections from 1 to 200"))
            return
        }
        #expect(try configuration(environment: environment).databaseConnections == expected)
        #expect(try configuration(environment: [:]).databaseConnections == 8)
    }

    private func configuration(
        flags: [String] = [],
        environment: [String: String]
    ) throws(ConfigurationError) -> ServerConfiguration {
        try ConfigurationLoader.load(
            flags: flags,
            file: nil,
            environment: environment.merging(["HOME": "/home/ada"]) { $1 }
        )
    }

    private func refusal(flags: [String] = [], environment: [String: String] = [:]) -> String {
        do throws(ConfigurationError) {
            _ = try configuration(flags: flags, environment: environment)
            return "accepted"
        } catch {
            return error.message
        }
    }
}
