import Foundation
import Glibc
import SQLDatabase
import SQLiteDriver
import TestDatabases
import Testing

/// On a small file system of its own, mounted for the test by root, or by sudo as the gate installs its packages.
@Suite("AUD-1: a disk that is really full")
struct FullDiskTests {
    @Test("AUD-1: urgent transactions go through on a full disk, ordinary ones wait for room and lose nothing")
    func reserve() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let options = "size=6m,mode=0700,uid=\(getuid()),gid=\(getgid())"
        let path = directory.path
        try #require(
            try asRoot("mount", "-t", "tmpfs", "-o", options, "tmpfs", path) == 0,
            "mounting needs root or sudo"
        )
        defer { _ = try? asRoot("umount", "--lazy", path) }
        var configuration = SQLiteConfiguration()
        configuration.reserveBytes = 1 << 20
        let database = try SQLiteDatabase(.file(directory.path + "/claviger.db"), configuration: configuration)
        try await database.write { tx in
            try tx.executeSchema("CREATE TABLE t (n INTEGER NOT NULL UNIQUE, state TEXT NOT NULL) STRICT")
            for number in 0..<100 { try tx.execute("INSERT INTO t (n, state) VALUES (?, 'live')", [.int(number)]) }
        }
        let filler = directory.path + "/filler"
        #expect(fill(filler) == ENOSPC)
        var refused: DatabaseError.Code?
        for number in 1_000..<200_000 where refused == nil {
            do {
                try await database.write { try $0.execute("INSERT INTO t (n, state) VALUES (?, 'x')", [.int(number)]) }
            } catch {
                refused = (error as? DatabaseError)?.code
            }
        }
        #expect(refused == .diskFull)
        for number in 0..<50 {
            try await database.writeUrgently { tx in
                try tx.execute("UPDATE t SET state = 'revoked' WHERE n = ?", [.int(number)])
            }
        }
        await #expect(throws: DatabaseError(.diskFull, "")) {
            try await database.write { try $0.execute("UPDATE t SET state = 'other'") }
        }
        let revoked = try await database.read { tx in
            try tx.first("SELECT COUNT(*) FROM t WHERE state = 'revoked'")?.int(0)
        }
        #expect(revoked == 50)
        unlink(filler)
        try await Task.sleep(for: .milliseconds(1_100))
        try await database.write { try $0.execute("UPDATE t SET state = 'other' WHERE n = 99") }
        await database.close()
    }

    private func asRoot(_ words: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = (getuid() == 0 ? [] : ["sudo", "-n"]) + words
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Writes until nothing fits any more; answers the error number that ended it.
    private func fill(_ path: String) -> Int32 {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return errno }
        defer { close(file) }
        for size in [65_536, 4_096] {
            let block = [UInt8](repeating: 1, count: size)
            while write(file, block, size) == size {}
        }
        return errno
    }
}
