import Dispatch
import GRDB
package import SQLDatabase

/// The embedded database.
package final class SQLiteDatabase: SQLDatabase.Database {
    private let configuration: SQLiteConfiguration
    private let writer: DatabaseQueue
    /// Empty in memory, where the writer's connection reads as well.
    private let readers: [DatabaseQueue]
    /// Asks for `data_version`; never writes, so that the writer's commits move the number too.
    private let watcher: DatabaseQueue?
    private let writes: JobQueue
    private let reads: JobQueue
    private let reserve: DiskReserve

    package let dialect = Dialect.sqlite

    /// Opens the database; errors are ``DatabaseError``.
    package init(_ location: SQLiteLocation, configuration: SQLiteConfiguration = SQLiteConfiguration()) throws {
        self.configuration = configuration
        do {
            let connections = try ConnectionFactory(configuration).open(location)
            writer = connections.writer
            readers = connections.readers
            watcher = connections.watcher
        } catch {
            throw ErrorTranslation.translate(error)
        }
        switch location {
        case .file(let path): reserve = DiskReserve(path: path + "-reserve", bytes: configuration.reserveBytes)
        case .memory: reserve = DiskReserve(path: "", bytes: 0)
        }
        writes = JobQueue(connections: 1, limit: configuration.queueLimit)
        let watch =
            readers.isEmpty
            ? nil : JobQueue.Watch(limit: configuration.readLimit) { [readers] in readers[$0].interrupt() }
        reads = JobQueue(connections: max(readers.count, 1), limit: configuration.queueLimit, watch: watch)
    }

    @discardableResult
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await submit(body, to: reads) { self.drainReads(on: $0) }
    }

    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await submit(body, to: writes) { self.drainWrites(on: $0) }
    }

    @discardableResult
    package func writeUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await submit(body, isUrgent: true, to: writes) { self.drainWrites(on: $0) }
    }

    package func changeStamp() async throws -> Int64 {
        let connection = watcher ?? writer
        let isMemory = watcher == nil
        return try await withCheckedThrowingContinuation { continuation in
            connection.asyncWriteWithoutTransaction { database in
                do {
                    if isMemory { return continuation.resume(returning: Int64(database.totalChangesCount)) }
                    let version = try Int64.fetchOne(database, sql: "PRAGMA data_version")
                    continuation.resume(returning: version ?? 0)
                } catch {
                    continuation.resume(throwing: ErrorTranslation.translate(error))
                }
            }
        }
    }

    /// The value of a setting of SQLite on the connection that writes, for tests and diagnosis.
    package func writerSetting(_ name: StaticString) async throws -> String? {
        let pragma = "PRAGMA \(name.description)"
        return try await withCheckedThrowingContinuation { continuation in
            writer.asyncWriteWithoutTransaction { database in
                continuation.resume(with: Result { try String.fetchOne(database, sql: pragma) })
            }
        }
    }

    package func close() async {
        writes.close()
        reads.close()
        let connections = readers + [watcher, writer].compactMap { $0 }
        await withCheckedContinuation { continuation in
            // Closing waits for the connection's thread, so it has to happen on another one.
            DispatchQueue.global().async {
                for connection in connections {
                    // A connection that refuses to close is closed with the process.
                    try? connection.close()
                }
                continuation.resume()
            }
        }
    }
}

extension SQLiteDatabase {
    private func submit<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T,
        isUrgent: Bool = false,
        to queue: JobQueue,
        drain: (Int) -> Void
    ) async throws -> T {
        try Task.checkCancellation()
        let deadline = ContinuousClock.now + configuration.waitLimit
        return try await withCheckedThrowingContinuation { continuation in
            let work = PendingTransaction(answering: continuation, body: body)
            let job = WaitingJob(deadline: deadline, isUrgent: isUrgent, work: work)
            do throws(SQLDatabase.DatabaseError) {
                if let connection = try queue.submit(job) { drain(connection) }
            } catch {
                job.answer(error)
            }
        }
    }

    private func drainWrites(on connection: Int) {
        writer.asyncWriteWithoutTransaction { [writes, reserve, limit = configuration.groupLimit] database in
            while case let jobs = writes.take(upTo: limit, for: connection), !jobs.isEmpty {
                TransactionRunner.write(jobs, on: database, reserve: reserve)
            }
        }
    }

    private func drainReads(on connection: Int) {
        guard connection < readers.count else {
            return writer.asyncWriteWithoutTransaction { [reads] database in
                while case let jobs = reads.take(upTo: 1, for: connection), let job = jobs.first {
                    TransactionRunner.readInMemory(job, on: database)
                }
            }
        }
        readers[connection].asyncWriteWithoutTransaction { [reads] database in
            while case let jobs = reads.take(upTo: 1, for: connection), let job = jobs.first {
                TransactionRunner.read(job, on: database)
            }
        }
    }
}
