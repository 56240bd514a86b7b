import Foundation
import GRDB
import SQLDatabase

/// Runs the statements of one transaction on a GRDB connection, and fails all of them after the first error, as
/// PostgreSQL does.
///
/// It lives on the connection's thread only.
final class SQLiteConnection: TransactionConnection {
    private let connection: GRDB.Database
    /// The error that poisoned the transaction, if any.
    private(set) var failure: SQLDatabase.DatabaseError?

    init(_ connection: GRDB.Database) {
        self.connection = connection
    }

    func run(
        _ statement: SQLDatabase.Statement,
        _ values: [SQLValue],
        row: (SQLDatabase.Row) throws -> Void
    ) throws -> Int {
        try checkNotPoisoned()
        var interruption: (any Error)?
        do {
            let prepared = try connection.cachedStatement(sql: statement.text)
            let arguments = StatementArguments(try values.map(Self.bound))
            if prepared.columnCount == 0 {
                try prepared.execute(arguments: arguments)
            } else {
                let cursor = try GRDB.Row.fetchCursor(prepared, arguments: arguments)
                while let found = try cursor.next() {
                    let decoded = try Self.decoded(found)
                    do { try row(decoded) } catch {
                        interruption = error
                        break
                    }
                }
            }
            if let interruption { throw interruption }
            return prepared.isReadonly ? 0 : connection.changesCount
        } catch {
            if let interruption { throw interruption }
            throw poison(with: error)
        }
    }

    func runSchema(_ text: String) throws(SQLDatabase.DatabaseError) {
        try checkNotPoisoned()
        do {
            try connection.execute(sql: text)
        } catch {
            throw poison(with: error)
        }
    }

    private func checkNotPoisoned() throws(SQLDatabase.DatabaseError) {
        guard let failure else { return }
        throw SQLDatabase.DatabaseError(
            .transactionAborted,
            "A statement of this transaction failed before.",
            cause: failure
        )
    }

    private func poison(with error: any Error) -> SQLDatabase.DatabaseError {
        let translated = ErrorTranslation.translate(error)
        failure = translated
        return translated
    }

    /// A list of optional values of any kind is what GRDB takes without making key paths, which cost more than the rest.
    private static func bound(_ value: SQLValue) throws(SQLDatabase.DatabaseError) -> (any DatabaseValueConvertible)? {
        switch value {
        case .null: return nil
        case .int(let number): return number
        case .bytes(let bytes): return Data(bytes)
        case .text(let text):
            guard !text.utf8.contains(0) else {
                throw SQLDatabase.DatabaseError(.invalidValue, "A text with U+0000 can't be stored.")
            }
            return text
        }
    }

    private static func decoded(_ row: GRDB.Row) throws(SQLDatabase.DatabaseError) -> SQLDatabase.Row {
        var values: [SQLValue] = []
        values.reserveCapacity(row.count)
        for value in row.databaseValues {
            switch value.storage {
            case .null: values.append(.null)
            case .int64(let number): values.append(.int(number))
            case .string(let text): values.append(.text(text))
            case .blob(let data): values.append(.bytes([UInt8](data)))
            case .double:
                throw SQLDatabase.DatabaseError(.columnType, "An answer holds a fraction; no column does.")
            }
        }
        return SQLDatabase.Row(values)
    }
}
