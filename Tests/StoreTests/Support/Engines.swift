import Glibc
import SQLDatabase
import SQLiteDriver
import Testing

/// One engine that the conformance suite runs on; a further engine is one more line in ``all``.
struct Engine: Sendable, CustomTestStringConvertible {
    let name: String
    /// Opens an empty database and says how it is thrown away afterwards.
    let open: @Sendable () throws -> (database: any Database, remove: @Sendable () -> Void)

    var testDescription: String { name }

    static let all: [Engine] = [
        Engine(name: "SQLite on disk") {
            let directory = try TemporaryDirectory()
            return (try SQLiteDatabase(.file(directory.path + "/claviger.db")), { directory.remove() })
        },
        Engine(name: "SQLite in memory") { (try SQLiteDatabase(.memory), {}) },
    ]

    /// Runs a test on an empty database of this engine.
    func withDatabase<T>(_ body: (any Database) async throws -> T) async throws -> T {
        let (database, remove) = try open()
        do {
            let result = try await body(database)
            await database.close()
            remove()
            return result
        } catch {
            await database.close()
            remove()
            throw error
        }
    }
}

/// A directory that only this test uses.
struct TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/claviger-store-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        path = try #require(made)
    }

    func remove() {
        let directory = opendir(path)
        while let entry = directory.flatMap({ readdir($0) }) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink(path + "/" + name) }
        }
        if let directory { closedir(directory) }
        rmdir(path)
    }
}
