package import Logging
package import SQLDatabase
import Synchronization

/// The database of many nodes.
package final class PostgresDatabase: Database {
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private let pool = Mutex<ConnectionPool?>(nil)
    private let callers = Atomic<UInt64>(0)
    private let stamps = Atomic<Int64>(0)

    package let dialect = Dialect.postgres

    package init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Connects once and checks the server: version 15 or later, UTF8, not read-only, no pooler in between.
    ///
    /// Throws a ``DatabaseError`` whose message is a sentence for the person who starts the server. Transactions are
    /// refused before it.
    package func start() async throws {
        try configuration.check()
        try await check()
        try pool.withLock { pool in
            guard pool == nil else { throw DatabaseError(.statement, "The database has been started already.") }
            pool = try ConnectionPool(configuration, logger: logger)
        }
    }

    /// Whether a start that failed with this may succeed by itself in a moment: the server is not reached, is starting
    /// or stopping, or has no connection left.
    package static func mayPass(_ error: DatabaseError) -> Bool {
        guard let failure = error.cause as? ServerFailure else { return error.code == .timeout }
        return switch failure.state {
        case "": failure.kind == .lost || failure.kind == .late
        case "53300", "57P01", "57P02", "57P03": true
        default: failure.state.hasPrefix("08")
        }
    }

    /// How much the database is used by this process, for metrics.
    package var load: PostgresLoad {
        started?.load ?? PostgresLoad(connections: .init(wanted: configuration.connections))
    }

    @discardableResult
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await run(body, isWritable: false, isUrgent: false)
    }

    /// Goes before everything that waits for a connection.
    @discardableResult
    package func readUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await run(body, isWritable: false, isUrgent: true)
    }

    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await run(body, isWritable: true, isUrgent: false)
    }

    /// Goes before everything that waits for a connection.
    @discardableResult
    package func writeUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await run(body, isWritable: true, isUrgent: true)
    }

    /// A different number each time: the server has none that moves with its commits.
    package func changeStamp() async throws -> Int64 {
        stamps.wrappingAdd(1, ordering: .relaxed).newValue
    }

    package func close() async {
        await started?.close()
    }
}

extension PostgresDatabase {
    private var started: ConnectionPool? { pool.withLock { $0 } }

    private func run<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T,
        isWritable: Bool,
        isUrgent: Bool
    ) async throws -> T {
        try Task.checkCancellation()
        guard let pool = started else { throw DatabaseError(.closed, "The database has not been started.") }
        let caller = Caller(id: callers.wrappingAdd(1, ordering: .relaxed).newValue)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let work = PendingTransaction(answering: continuation, body: body)
                let job = WaitingJob(isWritable: isWritable, caller: caller, work: work)
                pool.submit(job, caller: caller, isUrgent: isUrgent)
            }
        } onCancel: {
            pool.leave(caller)
        }
    }

    /// Connects once on a thread of its own.
    private func check() async throws {
        let (wakeup, configuration) = (try Wakeup(), configuration)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let isStarted = OwnThread.start {
                let connector = Connector(
                    configuration: configuration,
                    wakeup: wakeup,
                    spareThreads: SpareThreads(limit: 1)
                )
                continuation.resume(with: Result { _ = try connector.connect { false } })
            }
            if !isStarted {
                continuation.resume(throwing: DatabaseError(.engine, "The system gives no thread for PostgreSQL."))
            }
        }
    }
}
