package import Domain
package import SQLDatabase

/// Tokens that were current once and are past their grace, and those that never were.
package enum RetiredTokenStore {
    /// Remembers a retired token; one that is known already stays as it is.
    package static func insert(_ token: RetiredToken, in tx: borrowing Transaction) throws {
        try tx.execute(
            insertRetired,
            [
                .hash(token.stamp.hash.hash), .int(token.stamp.hash.pepperID), .text(token.stamp.prefix),
                .id(token.credentialID), .int(token.generation), .word(token.reason), .instant(token.retiredAt),
                .instant(token.expiresAt), .int(0 as Int64),
            ]
        )
    }

    /// Remembers a withdrawn token; one that is known already stays as it is.
    package static func insert(_ token: WithdrawnToken, in tx: borrowing Transaction) throws {
        try tx.execute(
            insertWithdrawn,
            [
                .hash(token.stamp.hash.hash), .int(token.stamp.hash.pepperID), .text(token.stamp.prefix),
                .id(token.credentialID), .instant(token.withdrawnAt),
            ]
        )
    }

    package static func findRetired(_ hash: TokenHash, in tx: borrowing Transaction) throws -> RetiredToken? {
        try tx.first(findRetired, [.hash(hash)]) { row in
            var reader = row.reader
            let stamp = TokenStamp(hash: try reader.hash(), prefix: try reader.text())
            let token = RetiredToken(
                credentialID: try reader.id(),
                stamp: stamp,
                generation: try reader.int(),
                reason: try reader.word(),
                retiredAt: try reader.instant(),
                expiresAt: try reader.optionalInstant()
            )
            try reader.finish()
            return token
        }
    }

    package static func findWithdrawn(_ hash: TokenHash, in tx: borrowing Transaction) throws -> WithdrawnToken? {
        try tx.first(findWithdrawn, [.hash(hash)]) { row in
            var reader = row.reader
            let stamp = TokenStamp(hash: try reader.hash(), prefix: try reader.text())
            let token = WithdrawnToken(
                credentialID: try reader.id(),
                stamp: stamp,
                withdrawnAt: try reader.instant()
            )
            try reader.finish()
            return token
        }
    }

    /// Counts a use of a retired token; answers how often this credential's retired tokens were used before this one,
    /// so that only the first use opens an incident (ROT-11).
    package static func recordUse(
        of hash: TokenHash,
        credential: CredentialID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Int64 {
        let before = try tx.first(usesOfCredential, [.id(credential)]) { try $0.int(0) } ?? 0
        try tx.execute(recordUse, [.instant(now), .instant(now), .hash(hash)])
        return before
    }

    /// Forgets tokens that were retired or withdrawn before an instant and have expired by then.
    @discardableResult
    package static func forget(before instant: Instant, in tx: borrowing Transaction) throws -> Int {
        try tx.execute(forgetRetired, [.instant(instant), .instant(instant)])
            + tx.execute(forgetWithdrawn, [.instant(instant)])
    }

    private static let insertRetired: Statement = """
        INSERT INTO retired_token
            (hash, pepper_id, prefix, credential_id, generation, reason, retired_at, expires_at, use_count)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """
    private static let insertWithdrawn: Statement = """
        INSERT INTO withdrawn_token (hash, pepper_id, prefix, credential_id, withdrawn_at)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """
    private static let findRetired: Statement = """
        SELECT pepper_id, hash, prefix, credential_id, generation, reason, retired_at, expires_at
        FROM retired_token WHERE hash = ?
        """
    private static let findWithdrawn: Statement =
        "SELECT pepper_id, hash, prefix, credential_id, withdrawn_at FROM withdrawn_token WHERE hash = ?"
    private static let usesOfCredential: Statement =
        "SELECT CAST(COALESCE(SUM(use_count), 0) AS BIGINT) FROM retired_token WHERE credential_id = ?"
    private static let recordUse: Statement = """
        UPDATE retired_token SET use_count = use_count + 1, first_used_at = COALESCE(first_used_at, ?), last_used_at = ?
        WHERE hash = ?
        """
    private static let forgetRetired: Statement =
        "DELETE FROM retired_token WHERE retired_at < ? AND (expires_at IS NULL OR expires_at < ?)"
    private static let forgetWithdrawn: Statement = "DELETE FROM withdrawn_token WHERE withdrawn_at < ?"

    static let statements = [
        insertRetired, insertWithdrawn, findRetired, findWithdrawn, usesOfCredential, recordUse, forgetRetired,
        forgetWithdrawn,
    ]
}
