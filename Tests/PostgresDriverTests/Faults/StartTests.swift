import Glibc
import Logging
import PostgresDriver
import SQLDatabase
import Testing

@Suite("OPS-1: a server that can't serve is refused at the start, with a sentence")
struct StartTests {
    private func refusal(_ configuration: PostgresConfiguration) async -> DatabaseError? {
        let database = PostgresDatabase(configuration, logger: Logger(label: "test"))
        let error = await failure { try await database.start() }
        await database.close()
        return error
    }

    @Test("a pooler in between, which gives every transaction another connection")
    func pooler() async throws {
        let server = try TestServer()
        let address = try #require(server.url.split(separator: "@").last?.split(separator: "/").first)
        let port = try SilentServer().port
        var template = Array("/tmp/claviger-pooler-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(directory, 0o777)
        let target = address.split(separator: ":")
        try write(
            """
            [databases]
            postgres = host=\(target[0]) port=\(target[1]) user=claviger
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            """,
            to: directory + "/pooler.ini"
        )
        // pgbouncer refuses root.
        let owner = getuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        // Debian keeps it where a user's PATH does not look.
        let pooler = access("/usr/sbin/pgbouncer", X_OK) == 0 ? "/usr/sbin/pgbouncer" : "pgbouncer"
        let program = try Program(owner + [pooler, directory + "/pooler.ini"], output: directory + "/log")
        for suffix in ["", "?options=-cjit%3Doff"] {
            var configuration = try PostgresConfiguration(
                url: "postgres://claviger@127.0.0.1:\(port)/postgres\(suffix)",
                password: nil
            )
            configuration.connections = 1
            try await eventually("pgbouncer answers") {
                await refusal(configuration)?.message.contains("pgbouncer") == true
            }
        }
        await program.stop()
        for name in ["/pooler.ini", "/log"] { unlink(directory + name) }
        rmdir(directory)
    }

    @Test("a role that may only read")
    func readOnly() async throws {
        let server = try TestServer()
        let role = server.application
        try await server.observe { tx in
            try tx.executeSchema("CREATE ROLE \(role) LOGIN")
            try tx.executeSchema("ALTER ROLE \(role) SET default_transaction_read_only = on")
        }
        let plain = await refusal(try server.configuration(user: role))
        #expect(plain?.code == .readOnly)
        #expect(plain?.message.contains("read-only") == true)
        let url = server.url.replacing("claviger@", with: "\(role)@") + "?target_session_attrs=any"
        #expect(await refusal(try PostgresConfiguration(url: url, password: nil))?.code == .readOnly)
        try await server.observe { try $0.executeSchema("DROP ROLE \(role)") }
    }

    @Test("a database whose texts are not UTF-8")
    func encoding() async throws {
        let server = try TestServer()
        let name = server.application
        let log = "/tmp/claviger-\(name).log"
        defer { unlink(log) }
        let options = ["--encoding", "LATIN1", "--locale", "C", "--template", "template0"]
        let made = try await Program(["createdb"] + options + [name], output: log).wait()
        #expect(made == 0)
        let url = server.url.replacing("/postgres", with: "/\(name)")
        let error = await refusal(try PostgresConfiguration(url: url, password: nil))
        #expect(error?.message.contains("LATIN1") == true)
        #expect(error?.message.contains("UTF8") == true)
        let dropped = try await Program(["dropdb", name], output: log).wait()
        #expect(dropped == 0)
    }

    @Test("a password is asked for and taken, and appears in no error")
    func password() async throws {
        let server = try TestServer()
        let secret = "marker:@/%?&#'\u{e9}-93c1"
        try await server.observe { tx in
            try tx.executeSchema("DROP ROLE IF EXISTS claviger_password")
            try tx.executeSchema("CREATE ROLE claviger_password LOGIN PASSWORD '\(secret.replacing("'", with: "''"))'")
        }
        let right = try server.configuration(user: "claviger_password", password: secret)
        try await TestServer.withDatabase(right) { database in
            let user = try await database.read { try $0.first("SELECT current_user::text")?.text(0) }
            #expect(user == "claviger_password")
        }
        for wrong in [nil, "", "marker-wrong", secret + "x"] {
            let error = await refusal(try server.configuration(user: "claviger_password", password: wrong))
            #expect(error?.code == .connectionLost)
            let text = String(reflecting: error) + "\(error?.message ?? "")" + String(reflecting: error?.cause)
            #expect(!text.contains("marker"))
        }
        try await server.observe { try $0.executeSchema("DROP ROLE claviger_password") }
    }

    @Test("nobody there, nobody who answers, no such database, no TLS where it is demanded")
    func unreachable() async throws {
        let server = try TestServer()
        let silent = try SilentServer()
        let began = ContinuousClock.now
        var configuration = try PostgresConfiguration(url: "postgres://u@127.0.0.1:\(silent.port)/x", password: nil)
        configuration.connectLimit = .milliseconds(300)
        #expect(await refusal(configuration)?.message.contains("did not answer") == true)
        // connect_timeout in the URL is 2 s at least, as in libpq.
        let patient = "postgres://u@127.0.0.1:\(silent.port)/x?connect_timeout=1"
        #expect(await refusal(try PostgresConfiguration(url: patient, password: nil))?.code == .connectionLost)
        #expect(ContinuousClock.now - began < .seconds(30))
        let cases = [
            ("postgres://u@127.0.0.1:1/x", "refused"),
            (server.url.replacing("/postgres", with: "/nothing_here"), "does not exist"),
            (server.url + "?sslmode=require", "SSL"),
            (server.url + "?sslmode=strange", "sslmode"),
        ]
        for (url, words) in cases {
            let error = await refusal(try PostgresConfiguration(url: url, password: nil))
            #expect(error?.code == .connectionLost, "\(url)")
            #expect(error?.message.contains(words) == true, "\(url): \(error?.message ?? "")")
        }
        _ = consume silent
    }

    @Test("figures out of their range, and transactions before the start")
    func misuse() async throws {
        let server = try TestServer()
        for connections in [Int.min, 0, 201, Int.max] {
            var configuration = try server.configuration()
            configuration.connections = connections
            #expect(await refusal(configuration)?.code == .invalidValue)
        }
        var endless = try server.configuration()
        endless.statementLimit = .zero
        #expect(await refusal(endless)?.code == .invalidValue)
        let database = PostgresDatabase(try server.configuration(), logger: Logger(label: "test"))
        #expect(await code { try await database.number() } == .closed)
        await database.close()
    }

    private func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        fputs(text, file)
    }
}
