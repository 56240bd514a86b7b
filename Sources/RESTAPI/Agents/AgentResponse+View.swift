import ClavigerWire
import ControlPlane
import Domain
import StrictJSON

extension AgentResponse {
    /// The agent as operators see it.
    init(_ view: AgentView) {
        let agent = view.agent
        self.init(
            id: agent.id.text,
            workspaceID: agent.workspaceID.text,
            name: agent.profile.name,
            slug: agent.profile.slug,
            description: agent.profile.description,
            persona: agent.profile.persona,
            inputSchema: agent.profile.inputSchema.flatMap { try? JSONValue(parsing: $0) },
            outputSchema: agent.profile.outputSchema.flatMap { try? JSONValue(parsing: $0) },
            triggerModes: agent.profile.triggerModes.compactMap { TriggerModeName(rawValue: $0.rawValue) },
            labels: agent.profile.labels,
            environment: agent.profile.environment,
            region: agent.profile.region,
            allowedModels: agent.profile.allowedModels,
            status: AgentStatus(agent.state),
            connection: view.isConnected ? .connected : .disconnected,
            needsReset: view.needsReset,
            statement: agent.statement.map(AgentStatementResponse.init),
            token: AgentTokenResponse(view),
            rotationID: view.runningRotation?.id.text,
            installTokenExpiresAt: view.installTokenExpiresAt?.rfc3339,
            enrolledAt: agent.enrolledAt?.rfc3339,
            connectedAt: view.isConnected ? view.presence?.changedAt.rfc3339 : nil,
            lastSeenAt: view.presence?.lastSeenAt?.rfc3339,
            createdAt: agent.createdAt.rfc3339,
            updatedAt: agent.updatedAt.rfc3339
        )
    }
}

extension AgentStatus {
    init(_ state: IdentityState) {
        switch state {
        case .pending: self = .pending
        case .active: self = .active
        case .paused: self = .paused
        case .revoked: self = .revoked
        }
    }
}

extension AgentStatementResponse {
    init(_ statement: AgentStatement) {
        self.init(
            hostname: statement.hostname,
            os: statement.os,
            arch: statement.arch,
            version: statement.version,
            cloud: statement.cloud,
            region: statement.region,
            instanceID: statement.instanceID
        )
    }
}

extension AgentTokenResponse {
    /// Nil while the agent has no agent token.
    init?(_ view: AgentView) {
        guard let credential = view.credentialID, let prefix = view.tokenPrefix, let issued = view.tokenIssuedAt else {
            return nil
        }
        self.init(
            credentialID: credential.text,
            prefix: prefix,
            generation: view.generation ?? 1,
            issuedAt: issued.rfc3339,
            expiresAt: view.tokenExpiresAt?.rfc3339,
            previousValidUntil: view.previousValidUntil?.rfc3339
        )
    }
}

extension AgentStateResponse {
    init(_ view: AgentView) {
        self.init(
            status: AgentStatus(view.agent.state),
            connection: view.isConnected ? .connected : .disconnected
        )
    }
}

extension AgentEventResponse {
    init(_ event: AgentEvent) {
        self.init(
            id: event.id.text,
            time: event.time.rfc3339,
            kind: event.kind.rawValue,
            address: event.address,
            message: event.message,
            rotationID: event.rotationID?.text
        )
    }
}
