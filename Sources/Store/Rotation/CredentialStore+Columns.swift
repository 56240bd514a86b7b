import Domain
import SQLDatabase

extension CredentialStore {
    static let columns = fixed + changing

    private static let fixed: ColumnList = [
        "id", "identity_id", "organization_id", "workspace_id", "kind", "created_at",
    ]

    static let changing: ColumnList = [
        "state", "generation",
        "current_pepper_id", "current_hash", "current_prefix", "token_issued_at", "token_expires_at",
        "pending_pepper_id", "pending_hash", "pending_prefix", "pending_issued_at", "pending_expires_at",
        "pending_valid_until",
        "previous_pepper_id", "previous_hash", "previous_prefix", "previous_generation", "previous_valid_until",
        "previous_expires_at",
        "allowance_extension", "enrolment_id", "consecutive_failures", "retry_at", "contention_at", "revoked_at",
        "version",
    ]

    static func identityValues(of credential: Credential) -> [SQLValue] {
        [
            .id(credential.id), .id(credential.agentID), .id(credential.organizationID), .id(credential.workspaceID),
            .word(credential.kind), .instant(credential.createdAt),
        ]
    }

    static func changingValues(of credential: Credential) -> [SQLValue] {
        let current = credential.current
        let pending = credential.pending
        let previous = credential.previous
        return [.word(credential.state), .int(credential.generation)]
            + SQLValue.stamp(current?.stamp) + [.instant(current?.issuedAt), .instant(current?.expiresAt)]
            + SQLValue.stamp(pending?.stamp) + [.instant(pending?.issuedAt), .instant(pending?.expiresAt)]
            + [.instant(pending?.validUntil)]
            + SQLValue.stamp(previous?.stamp) + [.int(previous?.generation), .instant(previous?.validUntil)]
            + [.instant(previous?.expiresAt)]
            + [
                .duration(credential.allowanceExtension), .text(credential.enrolmentID),
                .int(credential.consecutiveFailures), .instant(credential.retryAt), .instant(credential.contentionAt),
                .instant(credential.revokedAt), .int(credential.version),
            ]
    }

    static func credential(_ row: Row) throws -> Credential {
        var reader = row.reader
        let id = try reader.id(CredentialID.self)
        let agent = try reader.id(AgentID.self)
        let organization = try reader.id(OrganizationID.self)
        let workspace = try reader.id(WorkspaceID.self)
        let kind = try reader.word(Credential.Kind.self)
        let createdAt = try reader.instant()
        let state = try reader.word(Credential.State.self)
        let generation = try reader.int()
        let credential = Credential(
            id: id,
            agentID: agent,
            organizationID: organization,
            workspaceID: workspace,
            kind: kind,
            state: state,
            generation: generation,
            current: try current(&reader),
            pending: try pending(&reader),
            previous: try previous(&reader),
            allowanceExtension: try reader.duration(),
            enrolmentID: try reader.optionalText(),
            consecutiveFailures: Int(try reader.int()),
            retryAt: try reader.optionalInstant(),
            contentionAt: try reader.optionalInstant(),
            createdAt: createdAt,
            revokedAt: try reader.optionalInstant(),
            version: try reader.int()
        )
        try reader.finish()
        return credential
    }

    private static func current(_ reader: inout RowReader) throws -> Credential.Current? {
        let stamp = try reader.optionalStamp()
        let issuedAt = try reader.optionalInstant()
        let expiresAt = try reader.optionalInstant()
        guard let stamp, let issuedAt else { return nil }
        return Credential.Current(stamp: stamp, issuedAt: issuedAt, expiresAt: expiresAt)
    }

    private static func pending(_ reader: inout RowReader) throws -> Credential.Pending? {
        let stamp = try reader.optionalStamp()
        let issuedAt = try reader.optionalInstant()
        let expiresAt = try reader.optionalInstant()
        let validUntil = try reader.optionalInstant()
        guard let stamp, let issuedAt, let expiresAt, let validUntil else { return nil }
        return Credential.Pending(stamp: stamp, issuedAt: issuedAt, expiresAt: expiresAt, validUntil: validUntil)
    }

    private static func previous(_ reader: inout RowReader) throws -> Credential.Previous? {
        let stamp = try reader.optionalStamp()
        let generation = try reader.optionalInt()
        let validUntil = try reader.optionalInstant()
        let expiresAt = try reader.optionalInstant()
        guard let stamp, let generation, let validUntil else { return nil }
        return Credential.Previous(
            stamp: stamp,
            generation: generation,
            validUntil: validUntil,
            expiresAt: expiresAt
        )
    }
}
