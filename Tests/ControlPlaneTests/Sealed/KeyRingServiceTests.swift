import ControlPlane
import Domain
import Glibc
import Logging
import SQLDatabase
import SQLiteDriver
import Sealing
import Store
import TestDatabases
import Testing

@Suite("The keys of a server")
struct KeyRingServiceTests {
    @Test("OPS-2: the master key is made on first start, opens the database again, and no other one does")
    func opens() async throws {
        try await AccessBench.run { bench in
            let path = bench.directory + "/master.key"
            let token = Token.make(.agent, random: .system)
            let hash = bench.keys.hashers.current.hash(token)
            let again = try await open(bench, .file(path: path))
            #expect(again.hashers.current.hash(token) == hash)
            let wrong = MasterKeySource.environment(name: "X", value: String(repeating: "ab", count: 32))
            await #expect(throws: SealingError(.wrongMasterKey, "")) { try await open(bench, wrong) }
            let missing = MasterKeySource.file(path: bench.directory + "/none.key")
            await #expect(throws: SealingError(.missingMasterKey, "")) { try await open(bench, missing) }
            #expect(!MasterKeyFile(path: bench.directory + "/none.key").exists)
        }
    }

    @Test(
        "DST-2: of nodes that start at once on an empty database one makes the keys; the others are told whose to take"
    )
    func startTogether() async throws {
        try await AccessBench.run { bench in
            try await ChosenEngine.withDatabase(embedded: { try SQLiteDatabase(.memory) }) { database in
                try await Schema.migrate(database, now: 0)
                let paths = (0..<4).map { bench.directory + "/node-\($0).key" }
                let refusals = await withTaskGroup(of: SealingError?.self) { group in
                    for path in paths {
                        group.addTask {
                            do {
                                _ = try await open(bench, .file(path: path), database: database)
                                return nil
                            } catch {
                                return error as? SealingError
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
                }
                #expect(refusals.count == 3)
                #expect(refusals.allSatisfy { $0.message.contains("Copy master.key") })
                let winner = try #require(paths.first { MasterKeyFile(path: $0).exists })
                #expect(paths.count { MasterKeyFile(path: $0).exists } == 1, "a key that opens nothing stays nowhere")
                #expect(try await database.read { tx in try SealedStore.dataKeys(in: tx).count } == 1)
                _ = try await open(bench, .file(path: winner), database: database)
            }
        }
    }

    @Test("OPS-2: the master key is changed while a server runs, which follows without a restart")
    func rotates() async throws {
        try await AccessBench.run { bench in
            let path = bench.directory + "/master.key"
            let old = try MasterKeyFile(path: path).read()
            let token = Token.make(.agent, random: .system)
            let hash = bench.keys.hashers.current.hash(token)
            let receipt = try await rotation(bench).rotate(source: .file(path: path), caller: bench.host)
            #expect(receipt.rewrapped == 1)
            let file = try MasterKeyFile(path: path).read()
            #expect(file.current.id == receipt.masterKeyID && file.older.isEmpty && file.current.id != old.current.id)
            #expect(bench.keys.hashers.current.hash(token) == hash)
            try await bench.keys.refresh()
            #expect(bench.keys.hashers.current.hash(token) == hash)
            #expect(try await open(bench, .file(path: path)).hashers.current.hash(token) == hash)
            #expect(try await bench.events(nil).map(\.action) == ["master_key.rotate"])
        }
    }

    @Test("OPS-2: a rotation that was interrupted between file and database leaves both readable, and is run again")
    func interrupted() async throws {
        try await AccessBench.run { bench in
            let path = bench.directory + "/master.key"
            let file = MasterKeyFile(path: path)
            let old = try file.read()
            // The state after the file was written and before the transaction.
            try file.replace(with: MasterKeys(current: .make(random: .system), older: [old.current]))
            _ = try await open(bench, .file(path: path))
            let receipt = try await rotation(bench).rotate(source: .file(path: path), caller: bench.host)
            #expect(receipt.rewrapped == 1)
            #expect(try file.read().older.isEmpty)
            _ = try await open(bench, .file(path: path))
        }
    }

    @Test("OPS-2: a second change of the master key at the same moment is refused, and nothing sealed is lost")
    func atOnce() async throws {
        try await AccessBench.run { bench in
            let source = MasterKeySource.file(path: bench.directory + "/master.key")
            let done = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { (try? await rotation(bench).rotate(source: source, caller: bench.host)) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done >= 1)
            _ = try await open(bench, source)
            let lock = try MasterKeyFileLock(MasterKeyFile(path: bench.directory + "/master.key"))
            defer { lock.hold() }
            await #expect(throws: SealingError(.masterKeyInUse, "")) {
                try await rotation(bench).rotate(source: source, caller: bench.host)
            }
        }
    }

    @Test("OPS-2: no key leaves the file before the data keys are wrapped anew, however often that fails")
    func keepsKeys() async throws {
        try await AccessBench.run { bench in
            let path = bench.directory + "/master.key"
            let file = MasterKeyFile(path: path)
            let old = try file.read().current
            try file.replace(with: MasterKeys(current: old, older: [.make(random: .system)]))
            let before = try file.read()
            try await bench.database.write { tx in
                try tx.executeSchema("ALTER TABLE audit_event RENAME TO hidden")
            }
            for _ in 0..<6 {
                await #expect(throws: (any Error).self) {
                    try await rotation(bench).rotate(source: .file(path: path), caller: bench.host)
                }
                let held = try file.read()
                #expect(([before.current] + before.older).allSatisfy { held[$0.id] != nil })
                _ = try await open(bench, .file(path: path))
            }
            try await bench.database.write { tx in
                try tx.executeSchema("ALTER TABLE hidden RENAME TO audit_event")
            }
            #expect(try await rotation(bench).rotate(source: .file(path: path), caller: bench.host).rewrapped == 1)
            #expect(try file.read().older.isEmpty)
            _ = try await open(bench, .file(path: path))
        }
    }

    @Test("OPS-2: with an environment variable the new key stands before the old one, then the old one may go")
    func environment() async throws {
        try await AccessBench.run { bench in
            let old = try text(ofFile: bench.directory + "/master.key")
            let new = String(repeating: "cd", count: 32)
            let both = MasterKeySource.environment(name: "X", value: "\(new),\(old)")
            let receipt = try await rotation(bench).rotate(source: both, caller: bench.host)
            #expect(receipt.rewrapped == 1)
            _ = try await open(bench, .environment(name: "X", value: new))
            #expect(try await rotation(bench).rotate(source: both, caller: bench.host).rewrapped == 0)
        }
    }

    @Test("OPS-2: only the host changes the master key")
    func hostOnly() async throws {
        try await AccessBench.run { bench in
            let (_, owner) = try await bench.owner()
            let source = MasterKeySource.file(path: bench.directory + "/master.key")
            await expectRefusal(.permissionDenied) {
                try await rotation(bench).rotate(source: source, caller: owner)
            }
        }
    }

    private func open(
        _ bench: AccessBench,
        _ source: MasterKeySource,
        database: (any Database)? = nil
    ) async throws -> KeyRingService {
        try await KeyRingService.open(
            database: database ?? bench.database,
            source: source,
            now: bench.clock.now(),
            ids: bench.context.ids,
            random: .system,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func rotation(_ bench: AccessBench) -> MasterKeyRotation {
        MasterKeyRotation(
            context: .init(
                database: bench.database,
                now: bench.context.now,
                ids: bench.context.ids,
                random: .system
            )
        )
    }
}

private func text(ofFile path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
}
