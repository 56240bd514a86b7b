package import Domain
package import SQLDatabase

/// Texts of personal and service tokens that counted once, and who was shown which.
package enum RetiredAPITokenStore {
    /// Remembers a text that counts no more.
    package static func insert(_ token: RetiredToken, in tx: borrowing Transaction) throws {
        let hash = token.stamp.hash
        try tx.execute(
            insert,
            [
                .hash(hash.hash), .int(hash.pepperID), .text(token.stamp.prefix), .id(token.credentialID),
                .int(token.generation), .instant(token.retiredAt), .instant(token.expiresAt), .int(0),
            ]
        )
    }

    /// The token that a retired text belonged to, with its generation then.
    package static func find(
        _ hash: TokenHash,
        in tx: borrowing Transaction
    ) throws -> (token: CredentialID, generation: Int64)? {
        try tx.first(find, [.hash(hash)]) { row in
            var reader = row.reader
            return (try reader.id(CredentialID.self), try reader.int())
        }
    }

    /// Counts a use of a retired text.
    package static func noteUse(of hash: TokenHash, now: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(noteUse, [.instant(now), .instant(now), .hash(hash)])
    }

    /// Forgets texts that were retired, and would have expired, before this.
    package static func forget(before horizon: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(forget, [.instant(horizon), .instant(horizon)])
    }

    /// Notes that a person was shown a text (TOK-10).
    package static func noteShown(
        _ token: CredentialID,
        generation: Int64,
        to user: UserID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(noteShown, [.id(token), .int(generation), .id(user), .instant(now)])
    }

    /// Notes that whoever was shown one text may have been shown another with it (TOK-10).
    package static func copyShown(
        of text: (token: CredentialID, generation: Int64),
        to token: CredentialID,
        generation: Int64,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        let users = try tx.rows(shownTo, [.id(text.token), .int(text.generation)]) { row in
            var reader = row.reader
            return try reader.id(UserID.self)
        }
        for user in users { try noteShown(token, generation: generation, to: user, now: now, in: tx) }
    }

    private static let insert: Statement = """
        INSERT INTO retired_api_token (hash, pepper_id, prefix, token_id, generation, retired_at, expires_at, use_count)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let find: Statement = "SELECT token_id, generation FROM retired_api_token WHERE hash = ?"
    private static let noteUse: Statement = """
        UPDATE retired_api_token
        SET use_count = use_count + 1, first_used_at = COALESCE(first_used_at, ?), last_used_at = ? WHERE hash = ?
        """
    private static let forget: Statement =
        "DELETE FROM retired_api_token WHERE retired_at < ? AND (expires_at IS NULL OR expires_at < ?)"
    private static let noteShown: Statement = """
        INSERT INTO api_token_shown (token_id, generation, user_id, shown_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
        """
    private static let shownTo: Statement =
        "SELECT user_id FROM api_token_shown WHERE token_id = ? AND generation = ? ORDER BY user_id"

    static let statements = [insert, find, noteUse, forget, noteShown, shownTo]
}
