package import Domain
package import SQLDatabase

/// Which conflicts of tokens were logged on which day (ORG-8).
package enum AccessConflictStore {
    /// Notes a conflict; answers whether it is the first of its token, permission and day, on any node.
    package static func note(
        _ token: CredentialID,
        _ permission: Permission,
        day: Int64,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(note, [.id(token), .word(permission), .int(day)]) != nil
    }

    /// Forgets what was logged before this day.
    package static func forget(before day: Int64, in tx: borrowing Transaction) throws {
        try tx.execute(forget, [.int(day)])
    }

    private static let note: Statement = """
        INSERT INTO access_conflict (token_id, permission, day) VALUES (?, ?, ?)
        ON CONFLICT DO NOTHING RETURNING token_id
        """
    private static let forget: Statement = "DELETE FROM access_conflict WHERE day < ?"

    static let statements = [note, forget]
}
