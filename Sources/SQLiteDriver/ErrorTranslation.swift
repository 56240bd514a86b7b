import GRDB
import SQLDatabase

/// Turns SQLite's errors into ours, once, at the driver's border.
enum ErrorTranslation {
    /// The error in our words; an error that is ours already comes out unchanged.
    static func translate(_ error: any Error) -> SQLDatabase.DatabaseError {
        if let ours = error as? SQLDatabase.DatabaseError { return ours }
        guard let theirs = error as? GRDB.DatabaseError else {
            return SQLDatabase.DatabaseError(.engine, "The database failed.", cause: error)
        }
        // GRDB's message is SQLite's own and names tables and columns; the statement and its values are left out.
        let message = theirs.message ?? "SQLite answered \(theirs.resultCode.rawValue)."
        return SQLDatabase.DatabaseError(code(of: theirs), message, cause: theirs)
    }

    private static func code(of error: GRDB.DatabaseError) -> SQLDatabase.DatabaseError.Code {
        if error.resultCode == .SQLITE_CONSTRAINT { return constraintCode(of: error.extendedResultCode) }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy
        case .SQLITE_FULL: return .diskFull
        case .SQLITE_READONLY: return .readOnly
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .corrupt
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_NOLFS: return .inputOutput
        case .SQLITE_MISMATCH, .SQLITE_TOOBIG: return .invalidValue
        case .SQLITE_INTERRUPT: return .timeout
        case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_RANGE, .SQLITE_SCHEMA: return .statement
        default: return .engine
        }
    }

    private static func constraintCode(of code: ResultCode) -> SQLDatabase.DatabaseError.Code {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: .uniqueViolation
        case .SQLITE_CONSTRAINT_FOREIGNKEY: .foreignKeyViolation
        case .SQLITE_CONSTRAINT_CHECK: .checkViolation
        case .SQLITE_CONSTRAINT_NOTNULL: .notNullViolation
        case .SQLITE_CONSTRAINT_TRIGGER: .refusedByTrigger
        case .SQLITE_CONSTRAINT_DATATYPE: .invalidValue
        default: .engine
        }
    }
}
