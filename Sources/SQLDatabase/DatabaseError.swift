/// What went wrong in a database, in words that are the same for both engines.
///
/// Two errors are equal when their codes are. The message never holds a bound value.
package struct DatabaseError: Error, Sendable {
    /// What kind of failure it is.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// A row with the same unique columns exists.
        package static let uniqueViolation = Code("uniqueViolation")
        /// A row refers to one that does not exist, or is referred to.
        package static let foreignKeyViolation = Code("foreignKeyViolation")
        /// A CHECK of the schema refused the row.
        package static let checkViolation = Code("checkViolation")
        /// A column that must have a value got none.
        package static let notNullViolation = Code("notNullViolation")
        /// A trigger of the schema refused the change (append-only tables).
        package static let refusedByTrigger = Code("refusedByTrigger")
        /// A value has not the type of its column, or can't be stored (U+0000 in a text).
        package static let invalidValue = Code("invalidValue")
        /// Another process held the database for longer than the busy timeout.
        package static let busy = Code("busy")
        /// Two transactions waited for each other; it was retried and still failed.
        package static let deadlock = Code("deadlock")
        /// The connection to the server is gone.
        package static let connectionLost = Code("connectionLost")
        /// The disk has no room left.
        package static let diskFull = Code("diskFull")
        /// A write was asked of something that can only be read.
        package static let readOnly = Code("readOnly")
        /// The file is damaged or no database.
        package static let corrupt = Code("corrupt")
        /// The files could not be opened, read or written.
        package static let inputOutput = Code("inputOutput")
        /// The database was written by a newer version of this program.
        package static let tooNew = Code("tooNew")
        /// The list of applied migrations is not the one this program knows.
        package static let migrationMismatch = Code("migrationMismatch")
        /// It waited longer than it may.
        package static let timeout = Code("timeout")
        /// Too many transactions are waiting already.
        package static let overloaded = Code("overloaded")
        /// The database has been closed.
        package static let closed = Code("closed")
        /// A statement of this transaction failed before; nothing more can be done in it.
        package static let transactionAborted = Code("transactionAborted")
        /// A column of an answer is absent, null or of another type than it is read as.
        package static let columnType = Code("columnType")
        /// More rows than a statement may answer.
        package static let unexpectedRows = Code("unexpectedRows")
        /// The engine can't understand a statement, or got the wrong number of values for it.
        package static let statement = Code("statement")
        /// Any other failure of the engine; the message has its words.
        package static let engine = Code("engine")
    }

    /// What kind of failure it is; equality is by this.
    package let code: Code
    /// What the engine or the driver says, without any bound value.
    package let message: String
    /// The error of the engine, for the log.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension DatabaseError: Equatable {
    package static func == (left: DatabaseError, right: DatabaseError) -> Bool { left.code == right.code }
}

extension DatabaseError: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(message)" }
}
