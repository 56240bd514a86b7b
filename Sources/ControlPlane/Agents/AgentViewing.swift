internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Computes what is shown of an agent besides its record.
struct AgentViewing: Sendable {
    let now: Instant
    let policy: RotationPolicy
    let channels: ChannelService

    func view(of agent: Agent, in tx: borrowing Transaction) throws -> AgentView {
        try view(of: agent, presence: try PresenceStore.get(agent.id, in: tx), in: tx)
    }

    func view(of agent: Agent, presence: AgentPresence?, in tx: borrowing Transaction) throws -> AgentView {
        let credential = try CredentialStore.live(.agent, of: agent.id, in: tx)
        let session = channels.registry.live(agent.id)
        let isConnected = session != nil || presence?.isElsewhere(than: channels.context.node) ?? false
        var presence = presence
        // The row is written when a channel comes or goes; meanwhile the channel itself knows better.
        if let heard = session?.withState({ $0.lastHeard }), let seen = presence?.lastSeenAt ?? presence?.changedAt {
            presence?.lastSeenAt = max(heard, seen)
        }
        let isSettled = agent.state == .active || agent.state == .paused
        let needsReset =
            isSettled && (credential.map { $0.needsReset(policy, isConnected: isConnected, now: now) } ?? true)
        let installation = agent.state == .pending ? try CredentialStore.live(.install, of: agent.id, in: tx) : nil
        return AgentView(
            agent: agent,
            isConnected: isConnected,
            presence: presence,
            needsReset: needsReset,
            credential: credential,
            previousValidUntil: credential?.grace(at: now),
            runningRotation: try credential.flatMap { try RotationStore.running(of: $0.id, in: tx) },
            installTokenExpiresAt: installation?.current?.expiresAt
        )
    }
}

extension AgentProfile {
    /// What audit keeps of a profile: all its fields, long texts and schemas by their length only.
    var auditJSON: String {
        let fields: JSONObject = [
            "name": .string(name),
            "slug": .string(slug),
            "description": .string(description),
            "persona_bytes": .integer(Int64(persona.utf8.count)),
            "input_schema_bytes": .integer(Int64(inputSchema?.utf8.count ?? 0)),
            "output_schema_bytes": .integer(Int64(outputSchema?.utf8.count ?? 0)),
            "labels": .object(JSONObject(labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            "environment": environment.map { .string($0) } ?? .null,
            "region": region.map { .string($0) } ?? .null,
            "trigger_modes": .array(triggerModes.map { .string($0.rawValue) }),
            "allowed_models": .array(allowedModels.map { .string($0) }),
        ]
        return JSONValue.object(fields).text
    }
}
