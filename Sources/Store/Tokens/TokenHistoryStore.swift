package import Domain
package import SQLDatabase

/// What is shown of a token's past: addresses, texts that died, who was shown the current one (TOK-4, TOK-10).
package enum TokenHistoryStore {
    /// An address from which a token was used.
    package struct Address: Hashable, Sendable {
        package let address: String
        package let firstSeenAt: Instant
        package let lastSeenAt: Instant
        package let uses: Int64
    }

    /// A text that counts no more.
    package struct Retired: Hashable, Sendable {
        package let generation: Int64
        package let prefix: String
        package let retiredAt: Instant
        /// Uses of it afterwards, counted once a minute.
        package let uses: Int64
        package let lastUsedAt: Instant?
    }

    /// A person who was shown the current text.
    package struct Viewer: Hashable, Sendable {
        package let user: UserID
        package let email: String
        package let shownAt: Instant
        /// Whether they have left the organization, or the token's workspace.
        package let hasLeft: Bool
    }

    /// The addresses seen last, at most so many.
    package static func addresses(
        of token: CredentialID,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> [Address] {
        try tx.rows(addresses, [.id(token), .int(limit)]) { row in
            var reader = row.reader
            return Address(
                address: try reader.text(),
                firstSeenAt: try reader.instant(),
                lastSeenAt: try reader.instant(),
                uses: try reader.int()
            )
        }
    }

    /// The texts that were retired last, at most so many.
    package static func retired(
        of token: CredentialID,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> [Retired] {
        try tx.rows(retired, [.id(token), .int(limit)]) { row in
            var reader = row.reader
            return Retired(
                generation: try reader.int(),
                prefix: try reader.text(),
                retiredAt: try reader.instant(),
                uses: try reader.int(),
                lastUsedAt: try reader.optionalInstant()
            )
        }
    }

    /// Who was shown the text that counts now, in the order of the showing.
    package static func viewers(of token: CredentialID, in tx: borrowing Transaction) throws -> [Viewer] {
        try tx.rows(viewers, [.id(token)]) { row in
            var reader = row.reader
            return Viewer(
                user: try reader.id(UserID.self),
                email: try reader.text(),
                shownAt: try reader.instant(),
                hasLeft: try reader.int() == 1
            )
        }
    }

    private static let addresses: Statement = """
        SELECT address, first_seen_at, last_seen_at, uses FROM token_address
        WHERE token_id = ? ORDER BY last_seen_at DESC, address LIMIT ?
        """
    private static let retired: Statement = """
        SELECT generation, prefix, retired_at, use_count, last_used_at FROM retired_api_token
        WHERE token_id = ? ORDER BY retired_at DESC, generation DESC LIMIT ?
        """
    /// The membership in the organization and one in the token's workspace, if there is one, both have to stand.
    private static let viewers: Statement = """
        SELECT shown.user_id, user_account.email, shown.shown_at,
            CASE WHEN EXISTS (
                SELECT 1 FROM membership WHERE membership.user_id = shown.user_id
                    AND membership.organization_id = api_token.organization_id
                    AND membership.workspace_id IS NULL AND membership.status <> 'removed'
            ) AND NOT EXISTS (
                SELECT 1 FROM membership WHERE membership.user_id = shown.user_id
                    AND membership.workspace_id = api_token.workspace_id AND membership.status = 'removed'
            ) THEN 0 ELSE 1 END
        FROM api_token_shown AS shown
        JOIN api_token ON api_token.id = shown.token_id AND api_token.generation = shown.generation
        JOIN user_account ON user_account.id = shown.user_id
        WHERE shown.token_id = ? ORDER BY shown.shown_at, shown.user_id
        """

    static let statements = [addresses, retired, viewers]
}
