package import Domain
package import SQLDatabase

/// Sessions of signed-in people (ORG-3).
package enum SessionStore {
    package static func insert(_ session: Session, in tx: borrowing Transaction) throws {
        try tx.execute(
            insert,
            [
                .id(session.id), .id(session.userID), .int(session.stamp.hash.pepperID),
                .hash(session.stamp.hash.hash), .text(session.stamp.prefix), .word(session.surface),
                .text(session.address), .text(session.userAgent), .instant(session.createdAt),
                .instant(session.expiresAt), .instant(session.lastUsedAt), .instant(session.endedAt),
                .text(session.endReason),
            ]
        )
    }

    /// The session of a token, ended and expired ones too: whoever asks decides.
    package static func find(_ hash: TokenHash, in tx: borrowing Transaction) throws -> Session? {
        try tx.first(findByHash, [.hash(hash)], session)
    }

    package static func get(_ id: CredentialID, in tx: borrowing Transaction) throws -> Session? {
        try tx.first(get, [.id(id)], session)
    }

    /// A person's sessions that have not ended and were used at or after `usedSince`, newest first.
    package static func live(
        of user: UserID,
        usedSince: Instant,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> [Session] {
        try tx.rows(live, [.id(user), .instant(now), .instant(usedSince)], session)
    }

    /// Whether a person signed in from this address before, as far as sessions are remembered.
    package static func hasSession(
        of user: UserID,
        from address: String,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(fromAddress, [.id(user), .text(address)]) != nil
    }

    /// Remembers that a session was used; never moves back.
    package static func touch(_ id: CredentialID, at instant: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(touch, [.instant(instant), .id(id), .instant(instant)])
    }

    /// Ends a session; answers whether it was still going.
    package static func end(
        _ id: CredentialID,
        reason: String,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(end, [.instant(now), .text(reason), .id(id)]) == 1
    }

    /// Ends all sessions of a person, but for one if given; answers how many were still going.
    @discardableResult
    package static func endAll(
        of user: UserID,
        except kept: CredentialID? = nil,
        reason: String,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Int {
        if let kept {
            return try tx.execute(endAllButOne, [.instant(now), .text(reason), .id(user), .id(kept)])
        }
        return try tx.execute(endAll, [.instant(now), .text(reason), .id(user)])
    }

    /// Forgets sessions whose absolute end is past.
    @discardableResult
    package static func forget(expiredBefore instant: Instant, in tx: borrowing Transaction) throws -> Int {
        try tx.execute(forget, [.instant(instant)])
    }

    private static func session(_ row: Row) throws -> Session {
        var reader = row.reader
        let id = try reader.id(CredentialID.self)
        let user = try reader.id(UserID.self)
        let stamp = TokenStamp(hash: try reader.hash(), prefix: try reader.text())
        let session = Session(
            id: id,
            userID: user,
            stamp: stamp,
            surface: try reader.word(),
            address: try reader.optionalText(),
            userAgent: try reader.optionalText(),
            createdAt: try reader.instant(),
            expiresAt: try reader.instant(),
            lastUsedAt: try reader.instant(),
            endedAt: try reader.optionalInstant(),
            endReason: try reader.optionalText()
        )
        try reader.finish()
        return session
    }

    private static let columns: ColumnList = [
        "id", "user_id", "pepper_id", "hash", "prefix", "surface", "address", "user_agent", "created_at",
        "expires_at", "last_used_at", "ended_at", "end_reason",
    ]
    private static let insert = columns.insert(into: "session")
    private static let findByHash = Statement("SELECT \(columns.list) FROM session WHERE hash = ?")
    private static let get = Statement("SELECT \(columns.list) FROM session WHERE id = ?")
    private static let live = Statement(
        """
        SELECT \(columns.list) FROM session
        WHERE user_id = ? AND ended_at IS NULL AND expires_at > ? AND last_used_at >= ?
        ORDER BY created_at DESC, id DESC
        """
    )
    private static let fromAddress: Statement = "SELECT 1 FROM session WHERE user_id = ? AND address = ? LIMIT 1"
    private static let touch: Statement = "UPDATE session SET last_used_at = ? WHERE id = ? AND last_used_at < ?"
    private static let end: Statement =
        "UPDATE session SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL"
    private static let endAll: Statement =
        "UPDATE session SET ended_at = ?, end_reason = ? WHERE user_id = ? AND ended_at IS NULL"
    private static let endAllButOne: Statement =
        "UPDATE session SET ended_at = ?, end_reason = ? WHERE user_id = ? AND ended_at IS NULL AND id <> ?"
    private static let forget: Statement = "DELETE FROM session WHERE expires_at < ?"

    static let statements = [insert, findByHash, get, live, fromAddress, touch, end, endAll, endAllButOne, forget]
}
