import Foundation

/// Several servers on one database, with one master key and nothing else in common, and the owner signed in at all.
struct Nodes: Sendable {
    let bench: Workbench
    let database: TestDatabase
    let servers: [Server]
    let token: String

    /// Names of the nodes, as the database knows them; a run's id begins with one and a dot.
    static func name(_ index: Int) -> String { "node-\(index)" }

    /// Starts nodes, the first before the others.
    ///
    /// `reach` may put something between a node and the database; `environment` and `programs` set a node apart.
    static func start(
        _ count: Int = 2,
        on bench: Workbench,
        database given: TestDatabase? = nil,
        reach: (_ index: Int, TestDatabase) async throws -> TestDatabase = { $1 },
        environment: (_ index: Int) -> [String: String] = { _ in [:] },
        programs: (_ index: Int) -> Programs = { _ in .current }
    ) async throws -> Nodes {
        let database: TestDatabase
        if let given { database = given } else { database = try await TestDatabase.make(on: bench) }
        var reached: [TestDatabase] = []
        for index in 0..<count { reached.append(try await reach(index, database)) }
        let servers = try make(on: bench, databases: reached, environment: environment, programs: programs)
        try await servers[0].start()
        let owner = try await servers[0].owner()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for server in servers.dropFirst() { group.addTask { try await server.start() } }
            try await group.waitForAll()
        }
        return Nodes(bench: bench, database: database, servers: servers, token: owner.token)
    }

    /// Servers with the same key, none of them started.
    static func make(
        on bench: Workbench,
        databases: [TestDatabase],
        environment: (_ index: Int) -> [String: String] = { _ in [:] },
        programs: (_ index: Int) -> Programs = { _ in .current }
    ) throws -> [Server] {
        let key = (0..<64).map { _ in String(Int.random(in: 0...15), radix: 16) }.joined()
        let clock = bench.folder + "/clock-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        return try databases.enumerated().map { index, database in
            let server = try Server(
                on: bench,
                environment: environment(index),
                database: database,
                clockFile: clock,
                programs: programs(index)
            )
            for (name, text) in [("master.key", key), ("node", Self.name(index))] {
                let path = server.data + "/" + name
                try (text + "\n").write(toFile: path, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            }
            return server
        }
    }

    /// The owner as a caller of one node.
    func owner(at index: Int) -> Operator { Operator(server: servers[index], token: token) }

    var ports: [Int] { servers.map(\.port) }

    /// The node that has a lease, and the number of its tenure.
    func holder(of lease: String = "rotation_scheduler") async throws -> (index: Int, tenure: Int)? {
        let row = try await database.sql("SELECT holder, version FROM lease WHERE name = '\(lease)'")
        let parts = row.split(separator: "|")
        guard parts.count == 2, let tenure = Int(parts[1]) else { return nil }
        return servers.indices.first { parts[0].hasPrefix(Self.name($0) + ".") }.map { ($0, tenure) }
    }

    /// Microseconds of database time.
    func databaseTime() async throws -> Int {
        let text = try await database.sql("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)")
        guard let time = Int(text) else { throw Failure("no time: \(text)") }
        return time
    }
}
