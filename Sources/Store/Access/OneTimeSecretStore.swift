package import Domain
package import SQLDatabase

/// Secrets that are good for one use.
package enum OneTimeSecretStore {
    package static func insert(_ secret: OneTimeSecret, in tx: borrowing Transaction) throws {
        try tx.execute(
            insert,
            [
                .id(secret.id), .word(secret.kind), .id(secret.userID), .id(secret.organizationID),
                .int(secret.stamp.hash.pepperID), .hash(secret.stamp.hash.hash), .text(secret.stamp.prefix),
                .instant(secret.createdAt), .instant(secret.expiresAt), .instant(secret.usedAt),
                .text(secret.createdBy?.kind.rawValue), .text(secret.createdBy?.id), .text(secret.createdBy?.name),
            ]
        )
    }

    /// Uses a secret up: answers it once, to whoever comes first, and only while it is good.
    package static func consume(
        _ hash: TokenHash,
        kind: OneTimeSecret.Kind,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> OneTimeSecret? {
        try tx.first(consume, [.instant(now), .hash(hash), .word(kind), .instant(now)], secret)
    }

    /// The secret of a token, used and expired ones too.
    package static func find(_ hash: TokenHash, in tx: borrowing Transaction) throws -> OneTimeSecret? {
        try tx.first(findByHash, [.hash(hash)], secret)
    }

    /// Makes all unused secrets of a kind worthless, before a new one is made; of one person, if given.
    @discardableResult
    package static func withdrawAll(
        _ kind: OneTimeSecret.Kind,
        user: UserID? = nil,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Int {
        if let user { return try tx.execute(withdrawOfUser, [.instant(now), .word(kind), .id(user)]) }
        return try tx.execute(withdraw, [.instant(now), .word(kind)])
    }

    /// Makes a person's unused invitations to one organization worthless.
    package static func withdrawInvitations(
        of user: UserID,
        organization: OrganizationID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(withdrawInvitations, [.instant(now), .id(user), .id(organization)])
    }

    /// The invitations to an organization that can still be accepted, newest first.
    package static func invitations(
        to organization: OrganizationID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> [OneTimeSecret] {
        try tx.rows(invitations, [.id(organization), .instant(now)], secret)
    }

    /// The invitations to an organization that a person made and that can still be accepted.
    package static func invitations(
        to organization: OrganizationID,
        by inviter: UserID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> [OneTimeSecret] {
        try tx.rows(invitationsBy, [.id(organization), .instant(now), .id(inviter)], secret)
    }

    /// An invitation to this organization that can still be accepted; another's is not there.
    package static func invitation(
        _ id: CredentialID,
        to organization: OrganizationID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> OneTimeSecret? {
        try tx.first(invitation, [.id(id), .id(organization), .instant(now)], secret)
    }

    private static func secret(_ row: Row) throws -> OneTimeSecret {
        var reader = row.reader
        let id = try reader.id(CredentialID.self)
        let kind = try reader.word(OneTimeSecret.Kind.self)
        let user = try reader.optionalID(UserID.self)
        let organization = try reader.optionalID(OrganizationID.self)
        let stamp = TokenStamp(hash: try reader.hash(), prefix: try reader.text())
        let createdAt = try reader.instant()
        let expiresAt = try reader.instant()
        let usedAt = try reader.optionalInstant()
        let maker = (kind: try reader.optionalText(), id: try reader.optionalText(), name: try reader.optionalText())
        let secret = OneTimeSecret(
            id: id,
            kind: kind,
            stamp: stamp,
            userID: user,
            organizationID: organization,
            createdBy: maker.kind.flatMap(Actor.Kind.init(rawValue:)).map {
                Actor(kind: $0, id: maker.id, name: maker.name)
            },
            createdAt: createdAt,
            expiresAt: expiresAt,
            usedAt: usedAt
        )
        try reader.finish()
        return secret
    }

    private static let columns: ColumnList = [
        "id", "kind", "user_id", "organization_id", "pepper_id", "hash", "prefix", "created_at", "expires_at",
        "used_at", "created_by_kind", "created_by_id", "created_by_name",
    ]
    private static let insert = columns.insert(into: "one_time_secret")
    private static let consume = Statement(
        """
        UPDATE one_time_secret SET used_at = ?
        WHERE hash = ? AND kind = ? AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > ?
        RETURNING \(columns.list)
        """
    )
    private static let findByHash = Statement("SELECT \(columns.list) FROM one_time_secret WHERE hash = ?")
    private static let withdraw: Statement = """
        UPDATE one_time_secret SET withdrawn_at = ? WHERE kind = ? AND used_at IS NULL AND withdrawn_at IS NULL
        """
    private static let withdrawOfUser: Statement = """
        UPDATE one_time_secret SET withdrawn_at = ?
        WHERE kind = ? AND used_at IS NULL AND withdrawn_at IS NULL AND user_id = ?
        """

    private static let withdrawInvitations: Statement = """
        UPDATE one_time_secret SET withdrawn_at = ?
        WHERE kind = 'invitation' AND used_at IS NULL AND withdrawn_at IS NULL AND user_id = ? AND organization_id = ?
        """
    private static let isOpenInvitation = """
        kind = 'invitation' AND organization_id = ? AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > ?
        """
    private static let invitations = Statement(
        "SELECT \(columns.list) FROM one_time_secret WHERE \(isOpenInvitation) ORDER BY id DESC"
    )
    private static let invitationsBy = Statement(
        """
        SELECT \(columns.list) FROM one_time_secret
        WHERE \(isOpenInvitation) AND created_by_kind = 'user' AND created_by_id = ? ORDER BY id
        """
    )
    private static let invitation = Statement(
        "SELECT \(columns.list) FROM one_time_secret WHERE id = ? AND \(isOpenInvitation)"
    )

    static let statements = [
        insert, consume, findByHash, withdraw, withdrawOfUser, withdrawInvitations, invitations, invitationsBy,
        invitation,
    ]
}
