package import Domain
package import SQLDatabase

/// Notices of quotas, in the table that notifications are delivered from (LIM-3).
package enum QuotaNoticeStore {
    /// Adds a notice unless it was given before; answers whether it was added.
    package static func insert(
        _ id: NotificationID,
        organization: OrganizationID,
        user: UserID?,
        token: CredentialID,
        once: String,
        body: String,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let values: [SQLValue] = [
            .id(id), .id(organization), .id(user), .text("quota_reached"), .text("token"), .id(token), .text(once),
            .text(body), .instant(now),
        ]
        return try tx.first(insert, values) != nil
    }

    private static let insert: Statement = """
        INSERT INTO notification
            (id, organization_id, user_id, kind, subject_kind, subject_id, once, body, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
        """

    static let statements = [insert]
}
