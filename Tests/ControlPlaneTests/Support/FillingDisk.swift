import ControlPlane
import SQLDatabase
import Synchronization

/// A database whose disk can be full: then only what is urgent goes through, as with the reserve of the real one.
final class FillingDisk: Database {
    private let inner: any Database
    private let isFull = Mutex(false)

    init(_ inner: any Database) { self.inner = inner }

    func fill() { isFull.withLock { $0 = true } }

    var dialect: Dialect { inner.dialect }

    func read<T: Sendable>(_ body: @escaping @Sendable (borrowing Transaction) throws -> T) async throws -> T {
        try await inner.read(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (borrowing Transaction) throws -> T) async throws -> T {
        guard !isFull.withLock({ $0 }) else { throw DatabaseError(.diskFull, "There is no room.") }
        return try await inner.write(body)
    }

    func writeUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await inner.writeUrgently(body)
    }

    func changeStamp() async throws -> Int64 { try await inner.changeStamp() }
    func close() async { await inner.close() }
}

extension ControlPlaneContext {
    /// The same server with another database under it.
    func on(_ database: any Database) -> ControlPlaneContext {
        ControlPlaneContext(
            database: database,
            now: now,
            ids: ids,
            random: random,
            hashers: hashers,
            logger: logger,
            publicURL: publicURL
        )
    }
}
