package import Domain
package import SQLDatabase

/// Something that somebody should hear of; channels that deliver it take it from the store.
package struct Notification: Hashable, Sendable {
    package let id: NotificationID
    package let organizationID: OrganizationID
    /// Whom it is for; absent for those who manage the organization.
    package let userID: UserID?
    /// `token.expiry` and so on.
    package let kind: String
    package let subject: AuditTarget
    /// What may be told once only has one text here.
    package let once: String
    /// A JSON object, without secrets.
    package let body: String
    package let createdAt: Instant

    package init(
        id: NotificationID,
        organizationID: OrganizationID,
        userID: UserID?,
        kind: String,
        subject: AuditTarget,
        once: String,
        body: String,
        createdAt: Instant
    ) {
        self.id = id
        self.organizationID = organizationID
        self.userID = userID
        self.kind = kind
        self.subject = subject
        self.once = once
        self.body = body
        self.createdAt = createdAt
    }
}

/// The outbox of notifications.
package enum NotificationStore {
    /// Writes a notification unless it was written before; answers whether it was written now.
    @discardableResult
    package static func insert(_ notification: Notification, in tx: borrowing Transaction) throws -> Bool {
        try tx.first(
            insert,
            [
                .id(notification.id), .id(notification.organizationID), .id(notification.userID),
                .text(notification.kind), .text(notification.subject.kind), .text(notification.subject.id),
                .text(notification.once), .text(notification.body), .instant(notification.createdAt),
            ]
        ) != nil
    }

    /// The notifications of an organization, oldest first.
    package static func list(of organization: OrganizationID, in tx: borrowing Transaction) throws -> [Notification] {
        try tx.rows(list, [.id(organization)]) { row in
            var reader = row.reader
            return Notification(
                id: try reader.id(NotificationID.self),
                organizationID: try reader.id(OrganizationID.self),
                userID: try reader.optionalID(UserID.self),
                kind: try reader.text(),
                subject: AuditTarget(kind: try reader.text(), id: try reader.text()),
                once: try reader.text(),
                body: try reader.text(),
                createdAt: try reader.instant()
            )
        }
    }

    private static let insert: Statement = """
        INSERT INTO notification
            (id, organization_id, user_id, kind, subject_kind, subject_id, once, body, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
        """
    private static let list: Statement = """
        SELECT id, organization_id, user_id, kind, subject_kind, subject_id, once, body, created_at FROM notification
        WHERE organization_id = ? ORDER BY created_at, id
        """

    static let statements = [insert, list]
}
