/// What a driver gives a transaction to run statements on; used on the transaction's own thread only.
package protocol TransactionConnection: AnyObject {
    /// Runs a statement to its end and hands out each row; returns how many rows it changed.
    func run(
        _ statement: Statement,
        _ values: [SQLValue],
        row: (Row) throws -> Void
    ) throws -> Int

    /// Runs one statement of the schema, which is not worth caching and takes as long as it needs.
    func runSchema(_ text: String) throws(DatabaseError)
}

/// One transaction, lent to the body that runs in it.
///
/// It can't be copied or kept: it is gone when the body returns. After the first error of a statement every further
/// one fails with ``DatabaseError/Code/transactionAborted`` and the transaction can't commit.
package struct Transaction: ~Copyable {
    private let connection: any TransactionConnection
    /// The engine this transaction runs on, for the few statements that differ.
    package let dialect: Dialect
    /// Whether the transaction may change anything.
    package let isWritable: Bool

    /// Made by drivers only.
    package init(connection: any TransactionConnection, dialect: Dialect, isWritable: Bool) {
        self.connection = connection
        self.dialect = dialect
        self.isWritable = isWritable
    }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    package borrowing func execute(_ statement: Statement, _ values: [SQLValue] = []) throws -> Int {
        try connection.run(statement, values) { _ in }
    }

    /// Runs a statement and returns all its rows.
    package borrowing func rows(_ statement: Statement, _ values: [SQLValue] = []) throws -> [Row] {
        var rows: [Row] = []
        _ = try connection.run(statement, values) { rows.append($0) }
        return rows
    }

    /// Runs a statement and returns its rows decoded.
    package borrowing func rows<T>(
        _ statement: Statement,
        _ values: [SQLValue] = [],
        _ decode: (Row) throws -> T
    ) throws -> [T] {
        var decoded: [T] = []
        _ = try connection.run(statement, values) { decoded.append(try decode($0)) }
        return decoded
    }

    /// Runs a statement that answers at most one row; more than one is a ``DatabaseError/Code/unexpectedRows``.
    package borrowing func first(_ statement: Statement, _ values: [SQLValue] = []) throws -> Row? {
        var first: Row?
        _ = try connection.run(statement, values) { row in
            guard first == nil else {
                throw DatabaseError(.unexpectedRows, "A statement that answers one row answered several.")
            }
            first = row
        }
        return first
    }

    /// Runs a statement that answers at most one row, decoded.
    package borrowing func first<T>(
        _ statement: Statement,
        _ values: [SQLValue] = [],
        _ decode: (Row) throws -> T
    ) throws -> T? {
        guard let row = try first(statement, values) else { return nil }
        return try decode(row)
    }

    /// Runs one statement of the schema, which may take longer than others; for migrations.
    package borrowing func executeSchema(_ text: String) throws {
        try connection.runSchema(text)
    }
}
