/// What may start a run of an agent.
package enum TriggerMode: String, CaseIterable, Sendable {
    case manual, webhook, schedule, event
}

/// The fields of an agent that its operator writes.
package struct AgentProfile: Hashable, Sendable {
    package var name: String
    package var slug: String
    package var description: String
    package var persona: String
    /// JSON Schema 2020-12 documents as JSON text.
    package var inputSchema: String?
    package var outputSchema: String?
    package var triggerModes: [TriggerMode]
    package var labels: [String: String]
    package var environment: String?
    package var region: String?
    package var allowedModels: [String]

    package init(
        name: String,
        slug: String,
        description: String = "",
        persona: String = "",
        inputSchema: String? = nil,
        outputSchema: String? = nil,
        triggerModes: [TriggerMode] = [.manual],
        labels: [String: String] = [:],
        environment: String? = nil,
        region: String? = nil,
        allowedModels: [String] = []
    ) {
        self.name = name
        self.slug = slug
        self.description = description
        self.persona = persona
        self.inputSchema = inputSchema
        self.outputSchema = outputSchema
        self.triggerModes = triggerModes
        self.labels = labels
        self.environment = environment
        self.region = region
        self.allowedModels = allowedModels
    }
}

/// What an agent says about itself.
///
/// It is shown as stated and never widens a right.
package struct AgentStatement: Hashable, Sendable {
    package var hostname: String?
    package var os: String?
    package var arch: String?
    package var version: String?
    package var cloud: String?
    package var region: String?
    package var instanceID: String?

    package init(
        hostname: String? = nil,
        os: String? = nil,
        arch: String? = nil,
        version: String? = nil,
        cloud: String? = nil,
        region: String? = nil,
        instanceID: String? = nil
    ) {
        self.hostname = hostname
        self.os = os
        self.arch = arch
        self.version = version
        self.cloud = cloud
        self.region = region
        self.instanceID = instanceID
    }
}

/// An agent: an identity and what its operator wrote about it.
package struct Agent: Hashable, Sendable, Identifiable {
    package let id: AgentID
    package let organizationID: OrganizationID
    package let workspaceID: WorkspaceID
    package var profile: AgentProfile
    package var state: IdentityState
    /// The Ed25519 public key (32 bytes) the daemon enrolled with; absent before.
    package var publicKey: [UInt8]?
    /// What the daemon stated at its latest enrolment or hello.
    package var statement: AgentStatement?
    package let createdAt: Instant
    package let createdBy: Actor
    package var updatedAt: Instant
    package var enrolledAt: Instant?
    package var pausedAt: Instant?
    package var revokedAt: Instant?
    /// Set by delete; the id is never free again.
    package var deletedAt: Instant?
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package init(
        id: AgentID,
        organizationID: OrganizationID,
        workspaceID: WorkspaceID,
        profile: AgentProfile,
        state: IdentityState = .pending,
        publicKey: [UInt8]? = nil,
        statement: AgentStatement? = nil,
        createdAt: Instant,
        createdBy: Actor,
        updatedAt: Instant,
        enrolledAt: Instant? = nil,
        pausedAt: Instant? = nil,
        revokedAt: Instant? = nil,
        deletedAt: Instant? = nil,
        version: Int64 = 1
    ) {
        self.id = id
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.profile = profile
        self.state = state
        self.publicKey = publicKey
        self.statement = statement
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.updatedAt = updatedAt
        self.enrolledAt = enrolledAt
        self.pausedAt = pausedAt
        self.revokedAt = revokedAt
        self.deletedAt = deletedAt
        self.version = version
    }
}

/// Whether an agent has a live channel, and where.
package struct AgentPresence: Hashable, Sendable {
    package let agentID: AgentID
    package var isConnected: Bool
    /// When ``isConnected`` last changed.
    package var changedAt: Instant
    package var lastSeenAt: Instant?
    package var address: String?
    /// The node that holds the channel, or held the last one.
    package var nodeID: String?
    /// The number of the agent's newest channel.
    package var channel: Int64?

    package init(
        agentID: AgentID,
        isConnected: Bool,
        changedAt: Instant,
        lastSeenAt: Instant? = nil,
        address: String? = nil,
        nodeID: String? = nil,
        channel: Int64? = nil
    ) {
        self.agentID = agentID
        self.isConnected = isConnected
        self.changedAt = changedAt
        self.lastSeenAt = lastSeenAt
        self.address = address
        self.nodeID = nodeID
        self.channel = channel
    }
}
