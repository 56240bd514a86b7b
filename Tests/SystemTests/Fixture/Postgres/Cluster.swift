import Foundation
import Glibc
import Synchronization

/// A PostgreSQL of its own for one test, which may be killed, stopped and starved.
final class Cluster: Sendable {
    let bench: Workbench
    let port: Int
    private let folder: String
    private let settings: [String]
    private let running = Mutex<Program?>(nil)

    /// Starts one; `settings` are further ones of its configuration, such as `max_connections=20`.
    static func start(on bench: Workbench, settings: [String] = []) async throws -> Cluster {
        let folder = try PostgresPrograms.makeFolder("cluster-" + String(UInt64.random(in: 0 ... .max), radix: 36))
        bench.onCleanUp { try? FileManager.default.removeItem(atPath: folder) }
        let template = try await ClusterTemplate.shared.folder(bench)
        let copy = try PostgresPrograms.asOwner("/bin/cp", ["-a", template, folder + "/data"])
        let copied = try await bench.finish(copy.path, copy.arguments, within: .seconds(60))
        guard copied.ending == .code(0) else { throw Failure("the template can't be copied: \(copied.errors)") }
        let cluster = Cluster(bench, folder: folder, port: try freePort(), settings: settings)
        try await cluster.start()
        return cluster
    }

    private init(_ bench: Workbench, folder: String, port: Int, settings: [String]) {
        (self.bench, self.folder, self.port, self.settings) = (bench, folder, port, settings)
    }

    /// Starts the postmaster (again) on the same data and port, and waits until it answers.
    func start() async throws {
        let options =
            [
                "listen_addresses=127.0.0.1", "unix_socket_directories=\(folder)", "port=\(port)", "fsync=off",
                "max_connections=100", "log_min_messages=warning",
            ] + settings
        let words = try PostgresPrograms.asOwner(
            "postgres",
            ["-D", folder + "/data"] + options.flatMap { ["-c", $0] }
        )
        let program = try bench.start(words.path, words.arguments, name: "postgres")
        running.withLock { $0 = program }
        try await eventually("PostgreSQL answers", within: .seconds(60)) {
            if let ended = program.ended { throw Failure("PostgreSQL ended: \(ended)\n\(program.errors)") }
            return (try? await postgres.sql("SELECT 1", within: .seconds(5))) == "1"
        }
    }

    /// A fast shutdown: every session is ended, everything is written.
    func stop() async throws {
        let program = try postmaster()
        program.send(SIGINT)
        let ending = try await program.end(within: .seconds(30))
        guard ending == .code(0) else { throw Failure("PostgreSQL ended with \(ending)\n\(program.errors)") }
    }

    /// Kills the postmaster and all its processes at once.
    func kill() async throws {
        let program = try postmaster()
        let others = processes()
        await program.kill()
        for process in others { _ = Glibc.kill(process, SIGKILL) }
        try await eventually("no process of PostgreSQL is left") {
            !others.contains { FileManager.default.fileExists(atPath: "/proc/\($0)/stat") }
        }
    }

    /// Kills one process that serves a database: PostgreSQL then ends all sessions and recovers by itself.
    func killBackend(of database: TestDatabase) async throws {
        let process = try await postgres.sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = '\(database.name)' ORDER BY random() LIMIT 1"
        )
        guard let id = Int32(process) else { throw Failure("no session of \(database.name)") }
        _ = Glibc.kill(id, SIGKILL)
    }

    /// Stops every process where it stands, as a machine that is suspended.
    func pause() throws {
        try postmaster().send(SIGSTOP)
        for process in processes() { _ = Glibc.kill(process, SIGSTOP) }
    }

    func resume() throws {
        for process in processes() { _ = Glibc.kill(process, SIGCONT) }
        try postmaster().send(SIGCONT)
    }

    /// An empty database on this cluster that belongs to `node`, whom no slots are reserved for.
    func ordinaryDatabase() async throws -> TestDatabase {
        var database = try await TestDatabase.make(on: bench, port: port)
        try await postgres.sql("CREATE ROLE node LOGIN")
        try await postgres.sql("ALTER DATABASE \(database.name) OWNER TO node")
        database.user = "node"
        return database
    }

    /// The database that every cluster has.
    var postgres: TestDatabase { TestDatabase(bench: bench, port: port, name: "postgres") }

    private func postmaster() throws -> Program {
        guard let program = running.withLock({ $0 }) else { throw Failure("PostgreSQL was not started") }
        return program
    }

    /// The children of the postmaster.
    private func processes() -> [pid_t] {
        guard let parent = running.withLock({ $0 })?.pid else { return [] }
        let all = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
        return all.filter { process in
            guard let stat = FileManager.default.contents(atPath: "/proc/\(process)/stat"),
                let rest = String(decoding: stat, as: UTF8.self).split(separator: ")").last
            else { return false }
            return rest.split(separator: " ").dropFirst().first.flatMap { pid_t($0) } == parent
        }
    }
}

/// The data of an empty cluster, made once per test run and copied for each.
private actor ClusterTemplate {
    static let shared = ClusterTemplate()
    private var making: Task<String, any Error>?

    func folder(_ bench: Workbench) async throws -> String {
        if let making { return try await making.value }
        let task = Task {
            let folder = try PostgresPrograms.makeFolder("template-\(getpid())")
            let words = try PostgresPrograms.asOwner(
                "initdb",
                [
                    "--pgdata", folder + "/data", "--username", "claviger", "--auth", "trust", "--encoding", "UTF8",
                    "--locale", "C", "--no-sync",
                ]
            )
            let made = try await bench.finish(words.path, words.arguments, within: .seconds(120))
            guard made.ending == .code(0) else { throw Failure("initdb: \(made.errors)") }
            return folder + "/data"
        }
        making = task
        return try await task.value
    }
}
