import GRDB
import Glibc
import SQLDatabase

/// The open connections of one embedded database.
struct Connections {
    let writer: DatabaseQueue
    let readers: [DatabaseQueue]
    let watcher: DatabaseQueue?
}

/// Opens the connections of an embedded database.
struct ConnectionFactory {
    private let settings: SQLiteConfiguration

    init(_ settings: SQLiteConfiguration) {
        self.settings = settings
    }

    func open(_ location: SQLiteLocation) throws -> Connections {
        switch location {
        case .memory:
            return Connections(writer: try DatabaseQueue(configuration: common()), readers: [], watcher: nil)
        case .file(let path):
            try prepareFile(path)
            let writer = try openWriter(path)
            let readers = try (0..<settings.readers).map { _ in try openReader(path) }
            return Connections(writer: writer, readers: readers, watcher: try openReader(path))
        }
    }

    private func openWriter(_ path: String) throws -> DatabaseQueue {
        var configuration = common()
        configuration.journalMode = .wal
        let writer = try DatabaseQueue(path: path, configuration: configuration)
        // Opening with a write-ahead log sets it to NORMAL, which may lose the last commits with the power.
        try writer.inDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return writer
    }

    private func openReader(_ path: String) throws -> DatabaseQueue {
        var configuration = common()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private func common() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Double(settings.busyMilliseconds) / 1_000)
        // The driver opens and ends its transactions itself; a rollback that fails must not end the process.
        configuration.allowsUnsafeTransactions = true
        return configuration
    }

    /// Makes the directory (0700) and the file (0600); SQLite gives its other files the rights of the first.
    private func prepareFile(_ path: String) throws(SQLDatabase.DatabaseError) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            let directory = String(path[..<slash])
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
                throw failure("The directory of the database can't be made", directory)
            }
        }
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure("The database file can't be opened", path) }
        defer { Glibc.close(file) }
        guard fchmod(file, 0o600) == 0 else { throw failure("The rights of the database can't be set", path) }
    }

    private func failure(_ sentence: String, _ path: String) -> SQLDatabase.DatabaseError {
        let reason = String(cString: strerror(errno))
        return SQLDatabase.DatabaseError(.inputOutput, "\(sentence) (\(path)): \(reason).")
    }
}
