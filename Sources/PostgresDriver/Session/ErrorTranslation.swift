package import SQLDatabase

/// Turns what the server says into our errors, once, at the driver's border.
package enum ErrorTranslation {
    package static func translate(_ failure: ServerFailure) -> DatabaseError {
        let code = code(of: failure)
        return DatabaseError(code, sentence(for: failure, code), cause: failure)
    }

    private static func code(of failure: ServerFailure) -> DatabaseError.Code {
        if failure.state == ServerType.wrongColumn { return .columnType }
        if let code = code(ofState: failure.state) { return code }
        return switch failure.kind {
        case .refused: .engine
        case .lost: .connectionLost
        case .late, .left: .timeout
        }
    }

    /// The code of a SQLSTATE; nothing for one that says nothing to us.
    package static func code(ofState state: String) -> DatabaseError.Code? {
        switch state {
        case "23505": return .uniqueViolation
        case "23503": return .foreignKeyViolation
        case "23514": return .checkViolation
        case "23502": return .notNullViolation
        case "23001": return .refusedByTrigger
        case "40001", "40P01", stalePlan: return .deadlock
        case "57014", "25P03": return .timeout
        case "53100": return .diskFull
        case "25006": return .readOnly
        case "25P02": return .transactionAborted
        case "53300": return .connectionLost
        // A value has another type than its column: the check of the common types on both engines.
        case "42804": return .invalidValue
        default: return code(ofClass: state)
        }
    }

    /// `feature_not_supported`: a prepared statement whose columns have changed type since; preparing again helps.
    static let stalePlan = "0A000"

    private static func code(ofClass state: String) -> DatabaseError.Code? {
        switch state.prefix(2) {
        case "08", "28", "3D": .connectionLost
        case "22": .invalidValue
        case "42": .statement
        case "XX": .corrupt
        case "57" where state.hasPrefix("57P"): .connectionLost
        default: nil
        }
    }

    private static func sentence(for failure: ServerFailure, _ code: DatabaseError.Code) -> String {
        switch failure.state {
        case "53300":
            return """
                PostgreSQL has no connection left (\(failure.message)): raise its max_connections or the role's \
                CONNECTION LIMIT, or lower the number of connections of each node.
                """
        case "25P03": return "The server ended a transaction in which nothing happened for too long."
        case "57014" where failure.kind == .refused: return "A statement took longer than it may."
        default: break
        }
        return code == .invalidValue ? "A value does not fit its column." : failure.message
    }
}
