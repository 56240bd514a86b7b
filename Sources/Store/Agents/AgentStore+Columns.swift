import Domain
import SQLDatabase

extension AgentStore {
    static let columns = [
        identityFixed.list(of: "identity"), identityChanging.list(of: "identity"), profileColumns.list(of: "agent"),
        statementColumns.list(of: "agent"),
    ].joined(separator: ", ")

    static let identityFixed: ColumnList = [
        "id", "organization_id", "workspace_id", "created_at", "created_by_kind", "created_by_id", "created_by_name",
    ]
    static let identityChanging: ColumnList = [
        "state", "public_key", "enrolled_at", "paused_at", "revoked_at", "deleted_at", "version",
    ]
    static let profileColumns: ColumnList = [
        "name", "slug", "description", "persona", "input_schema", "output_schema", "trigger_modes", "labels",
        "environment", "region", "allowed_models", "folded_text", "updated_at", "deleted_at",
    ]
    static let statementColumns: ColumnList = [
        "stated_hostname", "stated_os", "stated_arch", "stated_version", "stated_cloud", "stated_region",
        "stated_instance_id",
    ]

    /// With the kind in front, for the insert.
    static func identityValues(of agent: Agent) -> [SQLValue] {
        [
            .text("agent"), .id(agent.id), .id(agent.organizationID), .id(agent.workspaceID),
            .instant(agent.createdAt), .word(agent.createdBy.kind), .text(agent.createdBy.id),
            .text(agent.createdBy.name),
        ]
    }

    static func identityChangingValues(of agent: Agent) -> [SQLValue] {
        [
            .word(agent.state), .bytes(agent.publicKey), .instant(agent.enrolledAt), .instant(agent.pausedAt),
            .instant(agent.revokedAt), .instant(agent.deletedAt), .int(agent.version),
        ]
    }

    static func profileValues(of agent: Agent) -> [SQLValue] {
        let profile = agent.profile
        return [
            .text(profile.name), .text(profile.slug), .text(profile.description), .text(profile.persona),
            .text(profile.inputSchema), .text(profile.outputSchema), .json(profile.triggerModes.map(\.rawValue)),
            .json(profile.labels), .text(profile.environment), .text(profile.region), .json(profile.allowedModels),
            .text(FoldedText.fold([profile.name, profile.slug, profile.description])), .instant(agent.updatedAt),
            .instant(agent.deletedAt),
        ]
    }

    static func statementValues(of agent: Agent) -> [SQLValue] {
        values(of: agent.statement ?? AgentStatement())
    }

    static func values(of statement: AgentStatement) -> [SQLValue] {
        [
            .text(statement.hostname), .text(statement.os), .text(statement.arch), .text(statement.version),
            .text(statement.cloud), .text(statement.region), .text(statement.instanceID),
        ]
    }

    static func agent(_ row: Row) throws -> Agent {
        var reader = row.reader
        let agent = try agent(&reader)
        try reader.finish()
        return agent
    }

    static func agentWithPresence(_ row: Row) throws -> AgentWithPresence {
        var reader = row.reader
        let agent = try agent(&reader)
        let presence = try PresenceStore.presence(of: agent.id, &reader)
        try reader.finish()
        return AgentWithPresence(agent: agent, presence: presence)
    }

    private static func agent(_ reader: inout RowReader) throws -> Agent {
        let id = try reader.id(AgentID.self)
        let organization = try reader.id(OrganizationID.self)
        let workspace = try reader.id(WorkspaceID.self)
        let createdAt = try reader.instant()
        let createdBy = try reader.actor()
        let state = try reader.word(IdentityState.self)
        let publicKey = try reader.optionalBytes()
        let enrolledAt = try reader.optionalInstant()
        let pausedAt = try reader.optionalInstant()
        let revokedAt = try reader.optionalInstant()
        // The identity's; the agent's own copy of it comes behind the profile.
        _ = try reader.optionalInstant()
        let version = try reader.int()
        let profile = try profile(&reader)
        let updatedAt = try reader.instant()
        let deletedAt = try reader.optionalInstant()
        return Agent(
            id: id,
            organizationID: organization,
            workspaceID: workspace,
            profile: profile,
            state: state,
            publicKey: publicKey,
            statement: try statement(&reader),
            createdAt: createdAt,
            createdBy: createdBy,
            updatedAt: updatedAt,
            enrolledAt: enrolledAt,
            pausedAt: pausedAt,
            revokedAt: revokedAt,
            deletedAt: deletedAt,
            version: version
        )
    }

    private static func profile(_ reader: inout RowReader) throws -> AgentProfile {
        let profile = AgentProfile(
            name: try reader.text(),
            slug: try reader.text(),
            description: try reader.text(),
            persona: try reader.text(),
            inputSchema: try reader.optionalText(),
            outputSchema: try reader.optionalText(),
            triggerModes: try reader.jsonTexts().compactMap(TriggerMode.init(rawValue:)),
            labels: try reader.jsonMap(),
            environment: try reader.optionalText(),
            region: try reader.optionalText(),
            allowedModels: try reader.jsonTexts()
        )
        _ = try reader.text()
        return profile
    }

    /// What was stated; nothing at all reads as absent.
    private static func statement(_ reader: inout RowReader) throws -> AgentStatement? {
        let statement = AgentStatement(
            hostname: try reader.optionalText(),
            os: try reader.optionalText(),
            arch: try reader.optionalText(),
            version: try reader.optionalText(),
            cloud: try reader.optionalText(),
            region: try reader.optionalText(),
            instanceID: try reader.optionalText()
        )
        return statement == AgentStatement() ? nil : statement
    }
}
