import Foundation

/// A PostgreSQL database of one test, on a cluster that others may share.
struct TestDatabase: Sendable {
    let bench: Workbench
    let port: Int
    let name: String
    var user = "claviger"

    /// An empty database on the cluster of `Scripts/with-postgres`; thrown away at clean-up.
    static func make(on bench: Workbench) async throws -> TestDatabase {
        guard let text = ProcessInfo.processInfo.environment["CLAVIGER_TEST_POSTGRES"],
            let port = URLComponents(string: text)?.port
        else { throw Failure("no shared cluster: run this under Scripts/with-postgres") }
        return try await make(on: bench, port: port)
    }

    /// An empty database on the cluster at a port.
    static func make(on bench: Workbench, port: Int) async throws -> TestDatabase {
        let shared = TestDatabase(bench: bench, port: port, name: "postgres")
        let made = TestDatabase(bench: bench, port: port, name: "t" + String(UInt64.random(in: 0 ... .max), radix: 36))
        try await shared.sql("CREATE DATABASE \(made.name) TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        bench.onCleanUp { _ = try? await shared.sql("DROP DATABASE \(made.name) WITH (FORCE)") }
        return made
    }

    var url: String { url(user: user) }

    /// The URL for somebody, with what they give as their password.
    func url(user: String, password: String? = nil) -> String {
        "postgres://\(user)\(password.map { ":" + $0 } ?? "")@127.0.0.1:\(port)/\(name)"
    }

    /// What tells a program of Claviger to use it.
    var environment: [String: String] { ["CLAVIGER_DATABASE_URL": url] }

    /// The same database, reached through something that listens on another port.
    func through(port: Int) -> TestDatabase { TestDatabase(bench: bench, port: port, name: name, user: user) }

    /// Runs statements as anybody with `psql` could; answers what they print, columns divided by `|`.
    @discardableResult
    func sql(_ text: String, within limit: Duration = .seconds(30)) async throws -> String {
        let run = try await bench.finish("psql", arguments, input: text, within: limit)
        guard run.ending == .code(0) else { throw Failure("psql: \(run.errors) in \(text.prefix(200))") }
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts statements that take their time.
    func start(_ text: String) throws -> Program {
        try bench.start("psql", arguments, input: text, name: "psql")
    }

    /// Everything in the database as text.
    func dump() async throws -> String {
        let run = try await bench.finish("pg_dump", ["--inserts", url], within: .seconds(60))
        guard run.ending == .code(0) else { throw Failure("pg_dump: \(run.errors)") }
        return run.output
    }

    private var arguments: [String] { ["-XAtq", "-v", "ON_ERROR_STOP=1", url] }
}
