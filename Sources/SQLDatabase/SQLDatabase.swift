/// SQLDatabase: portable SQL for the two engines Claviger runs on.
///
/// What a use case sees of a database is here: a ``Database`` that runs synchronous bodies in transactions, the
/// ``Statement`` they execute, the ``SQLValue`` they bind, the ``Row`` they get, the ``DatabaseError`` they fail with,
/// and the ``MigrationRunner`` that brings a schema up to date. The drivers are targets of their own.
///
/// SQL is written in the common language of SQLite 3.40 and PostgreSQL 15 with `?` parameters. Values are always
/// bound. A failed statement poisons its transaction on both engines, so an expected conflict is asked for with
/// `ON CONFLICT DO NOTHING RETURNING` and never caught.
///
/// Imports: Logging only. No Foundation, nothing else of ours.

/// A database that runs transactions on threads of its own.
///
/// The bodies are synchronous: there is no `await` inside a transaction. A body may run more than once (a deadlock is
/// retried on PostgreSQL), so it takes time, ids and secrets as values made before it and has no effect but its
/// statements. An error thrown by the body rolls the transaction back and comes out unchanged.
package protocol Database: Sendable {
    /// Which engine answers.
    var dialect: Dialect { get }

    /// Runs `body` in a transaction that can't write and sees one state of the database.
    @discardableResult
    func read<T: Sendable>(_ body: @escaping @Sendable (borrowing Transaction) throws -> T) async throws -> T

    /// The same for what everything else depends on: the poll of the change log.
    ///
    /// It goes before all that waits for a connection.
    @discardableResult
    func readUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T

    /// Runs `body` in a transaction that may write, and answers only after it is durable.
    ///
    /// A caller that is cancelled does not stop a transaction that has begun. A ``DatabaseError/Code/connectionLost``
    /// with the word COMMIT in its message leaves unknown whether the transaction was committed.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (borrowing Transaction) throws -> T) async throws -> T

    /// The same for what has to work on a full disk too: revoke, pause, the kill switch (AUD-1).
    ///
    /// An engine that keeps a reserve of room gives it up for these; an engine that is on another machine lets them go
    /// before everything that waits.
    @discardableResult
    func writeUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T

    /// A number that moves when anybody, this process or another, has committed a change.
    ///
    /// A follower of the change log asks for it first and reads the log only when it moved. An engine that has no such
    /// number answers a different one each time.
    func changeStamp() async throws -> Int64

    /// Finishes what has begun, refuses what comes after, and closes the files or connections.
    func close() async
}

extension Database {
    package func readUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await read(body)
    }

    package func writeUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await write(body)
    }
}

/// The two engines.
package enum Dialect: String, Sendable, CaseIterable {
    case sqlite
    case postgres
}
