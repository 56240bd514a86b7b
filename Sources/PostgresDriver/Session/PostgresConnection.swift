import SQLDatabase

/// Runs the statements of one transaction on a session, and fails all of them after the first error.
///
/// It lives on the connection's thread only.
final class PostgresConnection: TransactionConnection {
    private let session: Session
    private let hasLeft: () -> Bool
    /// The error that poisoned the transaction, if any.
    private(set) var failure: DatabaseError?

    init(_ session: Session, hasLeft: @escaping () -> Bool) {
        self.session = session
        self.hasLeft = hasLeft
    }

    func run(_ statement: Statement, _ values: [SQLValue], row: (Row) throws -> Void) throws -> Int {
        try checkNotPoisoned()
        let changed: Int
        do {
            let answer = try session.execute(statement, values, hasLeft: hasLeft)
            let columns = (0..<answer.columnCount).map { ($0, answer.columnType($0)) }
            for index in 0..<answer.rowCount {
                let decoded = try Self.decoded(index, columns, of: answer)
                do { try row(decoded) } catch { throw Interruption(error: error) }
            }
            changed = answer.changedRows
        } catch let interruption as Interruption {
            throw interruption.error
        } catch {
            throw poison(with: error)
        }
        return changed
    }

    func runSchema(_ text: String) throws(DatabaseError) {
        try checkNotPoisoned()
        do throws(ServerFailure) {
            try session.runSchema(text)
        } catch {
            throw poison(with: error)
        }
    }

    /// An error of the one who reads the rows: it is no failure of the statement.
    private struct Interruption: Error {
        let error: any Error
    }

    private func checkNotPoisoned() throws(DatabaseError) {
        guard let failure else {
            if hasLeft() { throw poison(with: ServerFailure(.left, "The caller has gone.")) }
            return
        }
        throw DatabaseError(.transactionAborted, "A statement of this transaction failed before.", cause: failure)
    }

    private func poison(with error: any Error) -> DatabaseError {
        let translated =
            switch error {
            case let ours as DatabaseError: ours
            case let theirs as ServerFailure: ErrorTranslation.translate(theirs)
            default: DatabaseError(.engine, "The database failed.", cause: error)
            }
        failure = translated
        return translated
    }

    private static func decoded(
        _ row: Int32,
        _ columns: [(index: Int32, type: UInt32)],
        of answer: borrowing ServerAnswer
    ) throws(ServerFailure) -> Row {
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for (index, type) in columns {
            let value = try answer.withValue(row: row, column: index) { bytes throws(ServerFailure) -> SQLValue in
                guard let bytes else { return .null }
                return try ServerType.decode(bytes, type: type)
            }
            values.append(value)
        }
        return Row(values)
    }
}
