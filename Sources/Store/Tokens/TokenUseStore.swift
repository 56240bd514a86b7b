package import Domain
package import SQLDatabase

/// When tokens were used last; written apart from the tokens, so that it leaves no entry in the change log.
package enum TokenUseStore {
    /// Notes a use, unless a later one is known.
    package static func touch(
        _ token: CredentialID,
        at time: Instant,
        from address: String?,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(touch, [.id(token), .instant(time), .text(address)])
    }

    /// The last use of a token that was noted.
    package static func last(
        of token: CredentialID,
        in tx: borrowing Transaction
    ) throws -> (time: Instant, address: String?)? {
        try tx.first(last, [.id(token)]) { row in
            var reader = row.reader
            return (try reader.instant(), try reader.optionalText())
        }
    }

    private static let touch: Statement = """
        INSERT INTO token_use (token_id, last_used_at, last_address) VALUES (?, ?, ?)
        ON CONFLICT (token_id) DO UPDATE SET last_used_at = excluded.last_used_at,
            last_address = excluded.last_address
        WHERE token_use.last_used_at <= excluded.last_used_at
        """
    private static let last: Statement = "SELECT last_used_at, last_address FROM token_use WHERE token_id = ?"

    static let statements = [touch, last]
}
