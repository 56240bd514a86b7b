import Foundation
import Testing

@Suite("Starting on a database that nodes share")
struct SharedStartTests {
    @Test("DST-2, OPS-2: nodes that start at once on an empty database make everything once, and say whose key to copy")
    func together() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let nodes = try (0..<3).map { try Node($0, bench, database) }
            try await eventually("one serves, the others have ended", within: .seconds(30)) {
                nodes.count { $0.isReady } == 1 && nodes.count { $0.program.ended == .code(10) } == 2
            }
            let winner = try #require(nodes.first { $0.isReady })
            for loser in nodes where !loser.isReady {
                #expect(loser.program.errors.contains("master.key"), "\(loser.program.errors)")
                #expect(!FileManager.default.fileExists(atPath: loser.data + "/master.key"))
                #expect(!FileManager.default.fileExists(atPath: loser.data + "/setup-link"))
            }
            #expect(FileManager.default.fileExists(atPath: winner.data + "/setup-link"))
            for (table, count) in [("organization", 1), ("workspace", 1), ("data_key", 1), ("pepper", 1)] {
                #expect(try await database.sql("SELECT COUNT(*) FROM \(table)") == "\(count)", "\(table)")
            }
            let secrets = "SELECT COUNT(*) FROM one_time_secret"
            #expect(try await database.sql(secrets) == "1")
            let again = try Node(9, bench, database)
            try await eventually("the node without the key ends") { again.program.ended == .code(10) }
            #expect(again.program.errors.contains("this database was sealed with one"))
            #expect(again.program.errors.contains("from the data directory of a node that runs on this database"))
            #expect(!FileManager.default.fileExists(atPath: again.data + "/master.key"))
            try FileManager.default.copyItem(
                atPath: winner.data + "/master.key",
                toPath: again.data + "/master.key"
            )
            let joined = try again.startedAgain()
            try await eventually("the node with the key serves") { joined.isReady }
            #expect(!FileManager.default.fileExists(atPath: joined.data + "/setup-link"))
            #expect(try await database.sql(secrets) == "1")
        }
    }

    @Test("OPS-5: migrations of several at once run once, without server and master key, and status tells the times")
    func migrations() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let settings = ["--data-dir", bench.folder + "/none"]
            func migrate(_ verb: String, _ more: [String] = []) async throws -> (output: String, errors: String) {
                let result = try await bench.finish(
                    Workbench.claviger,
                    ["migrate", verb] + settings + more,
                    environment: database.environment
                )
                #expect(result.ending == .code(0), "\(result.errors)")
                return (result.output, result.errors)
            }
            #expect(try await migrate("status").output.contains("0001_foundation  pending"))
            #expect(try await database.sql("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'") == "0")
            let applied = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 { group.addTask { try await migrate("up").output } }
                return try await group.reduce("", +)
            }
            let names = applied.split(separator: "\n")
            #expect(names.contains("0001_foundation") && Set(names).count == names.count, "\(names)")
            let status = JSON(Data(try await migrate("status", ["-o", "json"]).output.utf8))
            #expect(status["pending"].items.isEmpty)
            #expect(status["applied"].items.count == names.count)
            #expect(try await migrate("up").errors.contains("Nothing is pending."))
            #expect(!FileManager.default.fileExists(atPath: bench.folder + "/none"))
        }
    }

    @Test("ORG-2, ORG-3, OPS-2: host commands work on a shared database, and the other node follows a new master key")
    func hostCommands() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let first = try await Server.start(on: bench, environment: database.environment)
            let second = try await Server.start(on: bench, environment: database.environment, masterKeyOf: first)
            func run(_ words: String..., on server: Server) async throws -> String {
                let result = try await bench.finish(
                    Workbench.claviger,
                    words + ["--data-dir", server.data],
                    environment: database.environment
                )
                #expect(result.ending == .code(0), "\(result.errors)")
                return result.output
            }
            let link = try await run("setup", "--new-link", on: second)
            #expect(link.contains("#clv_su_"))
            let old = try first.setupSecret()
            let refused = try await API(url: first.url, token: nil).post(
                "/api/v1/setup",
                ["secret": old, "name": "A", "email": Operator.email, "password": Operator.password]
            )
            #expect(refused.status == 401, "the link that the other node made replaces the first one")
            let owner = try await second.owner()
            #expect(try await run("owner", "recover", on: first).hasPrefix("clv_rc_"))
            _ = try await run("master-key", "rotate", on: first)
            let program = try second.program()
            try await eventually("the other node misses the new key") {
                program.errors.contains("the key ring could not be read again")
            }
            _ = try await owner.createAgent("while-behind")
            try first.giveMasterKey(to: second.data)
            try await eventually("the other node has read its key ring again") {
                program.errors.contains("The key ring was read again")
            }
            try await second.restart()
        }
    }
}

/// A node that may refuse to start.
private struct Node: Sendable {
    let program: Program
    let data: String
    private let bench: Workbench
    private let database: TestDatabase

    init(_ number: Int, _ bench: Workbench, _ database: TestDatabase) throws {
        try self.init(data: bench.folder + "/node-\(number)", bench, database)
    }

    private init(data: String, _ bench: Workbench, _ database: TestDatabase) throws {
        self.data = data
        self.bench = bench
        self.database = database
        program = try bench.start(
            Workbench.claviger,
            ["serve", "--listen", "127.0.0.1:0", "--data-dir", data],
            environment: database.environment,
            name: "node"
        )
    }

    func startedAgain() throws -> Node { try Node(data: data, bench, database) }

    var isReady: Bool { FileManager.default.fileExists(atPath: data + "/server.json") }
}
