import Domain
import Glibc
import SQLDatabase
import SQLiteDriver
import Store
import TestDatabases
import Testing

@Suite("The embedded database's files and settings")
struct SQLiteFileTests {
    @Test("the settings that durability and integrity rest on are read back from the open database")
    func settingsAreReadBack() async throws {
        try await withFile { path in
            let database = try SQLiteDatabase(.file(path))
            #expect(try await database.writerSetting("synchronous") == "2")
            #expect(try await database.writerSetting("journal_mode") == "wal")
            #expect(try await database.writerSetting("foreign_keys") == "1")
            #expect(try await database.writerSetting("busy_timeout") == "5000")
            await database.close()
        }
    }

    @Test("the files are 0600 in a directory 0700, also when they were wider before")
    func rights() async throws {
        try await withFile { path in
            let directory = String(path.dropLast("/claviger.db".count)) + "-inner"
            let file = directory + "/claviger.db"
            defer {
                for suffix in ["", "-wal", "-shm", "-reserve"] { unlink(file + suffix) }
                rmdir(directory)
            }
            let first = try SQLiteDatabase(.file(file))
            #expect(mode(of: directory) == 0o700)
            try await first.write { try $0.executeSchema("CREATE TABLE t (n INTEGER)") }
            for suffix in ["", "-wal", "-shm"] { #expect(mode(of: file + suffix) == 0o600) }
            await first.close()
            chmod(file, 0o644)
            let second = try SQLiteDatabase(.file(file))
            for suffix in ["", "-wal", "-shm"] { #expect(mode(of: file + suffix) == 0o600) }
            await second.close()
        }
    }

    @Test("a file that is no database is refused as corrupt", arguments: ["garbage that is no database at all. "])
    func garbageFile(text: String) async throws {
        try await withFile { path in
            let bytes = Array(String(repeating: text, count: 100).utf8)
            let file = Glibc.open(path, O_WRONLY | O_CREAT, 0o600)
            #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
            Glibc.close(file)
            #expect(throws: DatabaseError(.corrupt, "")) { try SQLiteDatabase(.file(path)) }
        }
    }

    @Test("a path that can't be opened is an input-output error that names it")
    func unusablePath() throws {
        let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(.file("/proc/none/claviger.db")) }
        #expect(error?.code == .inputOutput)
        #expect(error?.message.contains("/proc/none") == true)
    }

    @Test("a full disk fails the transaction with its own code and loses nothing that was answered")
    func fullDisk() async throws {
        try await withFile { path in
            let database = try SQLiteDatabase(.file(path))
            try await database.write { tx in
                try tx.executeSchema("CREATE TABLE t (n INTEGER NOT NULL PRIMARY KEY, filler BLOB) STRICT")
                try tx.execute("INSERT INTO t (n) VALUES (?)", [.int(1)])
            }
            // SQLite answers a page limit exactly as it does a full disk.
            try await database.write { _ = try $0.rows("PRAGMA max_page_count = 20") }
            await #expect(throws: DatabaseError(.diskFull, "")) {
                try await database.write { tx in
                    for number in 2..<1_000 {
                        try tx.execute(
                            "INSERT INTO t (n, filler) VALUES (?, ?)",
                            [.int(number), .bytes(Array(repeating: 7, count: 4_000))]
                        )
                    }
                }
            }
            let results = await withTaskGroup(of: Bool.self) { group in
                for number in 10..<40 {
                    group.addTask {
                        let size = number == 20 ? 400_000 : 1
                        let written: Void? = try? await database.write { tx in
                            try tx.execute(
                                "INSERT INTO t (n, filler) VALUES (?, ?)",
                                [.int(number), .bytes(Array(repeating: 7, count: size))]
                            )
                        }
                        let found = try? await database.read { tx in
                            try tx.first("SELECT n FROM t WHERE n = ?", [.int(number)]) != nil
                        }
                        return (written != nil) == found
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.allSatisfy { $0 })
            #expect(try await database.read { try $0.first("SELECT n FROM t WHERE n = 1") } != nil)
            await database.close()
        }
    }

    @Test("OPS-5: several that open a new file at once agree on who migrates it")
    func openedAtOnce() async throws {
        try await withFile { path in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let database = try SQLiteDatabase(.file(path))
                        let applied = try await Schema.migrate(database, now: 1)
                        _ = try await database.read { try ChangeLogStore.lastSequence(in: $0) }
                        await database.close()
                        return applied.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(applied == Schema.migrations.count)
        }
    }

    @Test("what was answered is there again after the file is closed and opened")
    func reopened() async throws {
        try await withFile { path in
            let first = try SQLiteDatabase(.file(path))
            try await Schema.migrate(first, now: 1)
            try await first.write { try SettingStore.set("a", to: "1", by: nil, now: .earliest, in: $0) }
            await first.close()
            let second = try SQLiteDatabase(.file(path))
            #expect(try await second.read { try SettingStore.all(in: $0) } == ["a": "1"])
            await #expect(throws: DatabaseError(.closed, "")) { try await first.read { try SettingStore.all(in: $0) } }
            await second.close()
        }
    }

    @Test("REV-3: a commit of another process moves the change stamp, and so does one's own", .timeLimit(.minutes(1)))
    func changeStamp() async throws {
        try await withFile { path in
            let database = try SQLiteDatabase(.file(path))
            let other = try SQLiteDatabase(.file(path))
            try await database.write { try $0.executeSchema("CREATE TABLE t (n INTEGER)") }
            let before = try await database.changeStamp()
            #expect(try await database.changeStamp() == before)
            try await other.write { try $0.execute("INSERT INTO t (n) VALUES (1)") }
            let afterOther = try await database.changeStamp()
            #expect(afterOther != before)
            try await database.write { try $0.execute("INSERT INTO t (n) VALUES (2)") }
            #expect(try await database.changeStamp() != afterOther)
            await database.close()
            await other.close()
        }
    }

    private func withFile(_ body: (String) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try await body(directory.path + "/claviger.db")
    }

    private func mode(of path: String) -> mode_t? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return information.st_mode & 0o777
    }
}
