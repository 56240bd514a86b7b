import Foundation

/// A database of one test on the throw-away PostgreSQL; dropped at clean-up.
struct SharedDatabase: Sendable {
    let name: String
    let port: Int
    private let bench: Workbench

    /// The URL; through a proxy if its port is given.
    func url(user: String = "claviger", password: String? = nil, through port: Int? = nil) -> String {
        "postgres://\(user)\(password.map { ":" + $0 } ?? "")@127.0.0.1:\(port ?? self.port)/\(name)"
    }

    /// What a node is started with.
    func environment(through port: Int? = nil) -> [String: String] { ["CLAVIGER_DATABASE_URL": url(through: port)] }

    static func make(on bench: Workbench) async throws -> SharedDatabase {
        guard let text = ProcessInfo.processInfo.environment["CLAVIGER_TEST_POSTGRES"],
            let port = URL(string: text)?.port
        else { throw Failure("this test needs a PostgreSQL: run it below Scripts/with-postgres") }
        let name = "system_" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let database = SharedDatabase(name: name, port: port, bench: bench)
        _ = try await database.ask("CREATE DATABASE \(name)", in: "postgres")
        bench.onCleanUp { _ = try? await database.ask("DROP DATABASE \(name) WITH (FORCE)", in: "postgres") }
        return database
    }

    /// Asks the database something by psql; rows as lines, columns with a bar between.
    func ask(_ statement: String, in database: String? = nil) async throws -> String {
        let place = "postgres://claviger@127.0.0.1:\(port)/\(database ?? name)"
        let answer = try await bench.finish("psql", ["-XAtqc", statement, place])
        guard answer.ending == .code(0) else { throw Failure("psql: \(answer.errors)") }
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
