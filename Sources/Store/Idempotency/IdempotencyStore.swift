package import Domain
package import SQLDatabase

/// Which request an idempotency key belongs to.
package struct IdempotencyKey: Hashable, Sendable {
    /// The caller's id: another caller's same key is another key.
    package let caller: String
    /// The canonical route template with its method.
    package let route: String
    package let key: String

    package init(caller: String, route: String, key: String) {
        self.caller = caller
        self.route = route
        self.key = key
    }
}

/// What is known of a request with an idempotency key.
package struct IdempotencyRecord: Hashable, Sendable {
    package let bodyHash: [UInt8]
    /// The answer without any secret; absent while the first request runs.
    package let answer: Answer?
    /// Whether the first request changed something, durably; its answer may be absent still, or have been lost.
    package let isCommitted: Bool
    package let createdAt: Instant
    package let expiresAt: Instant

    package struct Answer: Hashable, Sendable {
        package let status: Int
        package let body: String?

        package init(status: Int, body: String?) {
            self.status = status
            self.body = body
        }
    }
}

/// Keys of requests that may be sent twice and are carried out once.
package enum IdempotencyStore {
    /// Claims a key for a request that begins; answers what is known if somebody claimed it before.
    ///
    /// A key that has expired is claimed anew.
    package static func begin(
        _ key: IdempotencyKey,
        bodyHash: [UInt8],
        now: Instant,
        expiresAt: Instant,
        in tx: borrowing Transaction
    ) throws -> IdempotencyRecord? {
        try tx.execute(deleteExpiredKey, keyValues(key) + [.instant(now)])
        let claimed = try tx.first(
            insert,
            keyValues(key) + [.bytes(bodyHash), .text("running"), .instant(now), .instant(expiresAt)]
        )
        guard claimed == nil else { return nil }
        return try tx.first(get, keyValues(key)) { row in
            var reader = row.reader
            let hash = try reader.bytes()
            let status = try reader.optionalInt()
            let body = try reader.optionalText()
            let record = IdempotencyRecord(
                bodyHash: hash,
                answer: status.map { IdempotencyRecord.Answer(status: Int($0), body: body) },
                isCommitted: status != nil || body != nil,
                createdAt: try reader.instant(),
                expiresAt: try reader.instant()
            )
            try reader.finish()
            return record
        }
    }

    /// Notes, in the transaction that does the work, that it is done; false if the claim is somebody else's by now.
    package static func noteCommit(
        _ key: IdempotencyKey,
        claimedAt: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(noteCommit, keyValues(key) + [.instant(claimedAt)]) == 1
    }

    /// Keeps the answer, without any secret.
    package static func finish(
        _ key: IdempotencyKey,
        claimedAt: Instant,
        answer: IdempotencyRecord.Answer,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(finish, [.int(answer.status), .text(answer.body)] + keyValues(key) + [.instant(claimedAt)])
    }

    /// Gives a claimed key back after a request that did nothing; one whose work was committed stays claimed.
    package static func release(_ key: IdempotencyKey, claimedAt: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(release, keyValues(key) + [.instant(claimedAt)])
    }

    @discardableResult
    package static func forget(expiredBefore instant: Instant, in tx: borrowing Transaction) throws -> Int {
        try tx.execute(forget, [.instant(instant)])
    }

    private static func keyValues(_ key: IdempotencyKey) -> [SQLValue] {
        [.text(key.caller), .text(key.route), .text(key.key)]
    }

    private static let insert: Statement = """
        INSERT INTO idempotency (caller, route, key, body_hash, state, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING key
        """
    private static let get: Statement = """
        SELECT body_hash, status, answer, created_at, expires_at FROM idempotency
        WHERE caller = ? AND route = ? AND key = ?
        """
    /// A claim whose work is committed is told by its answer, which has no status yet.
    private static let noteCommit: Statement = """
        UPDATE idempotency SET answer = ''
        WHERE caller = ? AND route = ? AND key = ? AND created_at = ? AND state = 'running'
        """
    private static let finish: Statement = """
        UPDATE idempotency SET state = 'done', status = ?, answer = ?
        WHERE caller = ? AND route = ? AND key = ? AND created_at = ?
        """
    private static let release: Statement = """
        DELETE FROM idempotency
        WHERE caller = ? AND route = ? AND key = ? AND created_at = ? AND state = 'running' AND answer IS NULL
        """
    private static let deleteExpiredKey: Statement =
        "DELETE FROM idempotency WHERE caller = ? AND route = ? AND key = ? AND expires_at <= ?"
    private static let forget: Statement = "DELETE FROM idempotency WHERE expires_at < ?"

    static let statements = [insert, get, noteCommit, finish, release, deleteExpiredKey, forget]
}
