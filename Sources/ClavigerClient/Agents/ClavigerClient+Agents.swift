public import ClavigerWire

extension ClavigerClient {
    /// Creates an agent; the answer carries the install token, once.
    public func createAgent(
        _ agent: AgentDefinitionRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> CreateAgentResponse {
        var call = try Call(.post, APIPath.agents.path(), body: agent)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// One page of the agents, the newest first; `limit` is 1 to 200.
    public func listAgents(
        _ filter: AgentFilter = AgentFilter(),
        limit: Int = 50,
        cursor: String? = nil
    ) async throws(ClavigerClientError) -> Page<AgentResponse> {
        var call = Call(.get, APIPath.agents.path())
        call.query = [
            ("status", filter.status?.rawValue), ("connection", filter.connection?.rawValue),
            ("environment", filter.environment), ("label", filter.label), ("q", filter.text),
            ("limit", String(limit)), ("cursor", cursor),
        ]
        return try await send(call)
    }

    /// One agent.
    public func agent(_ id: String) async throws(ClavigerClientError) -> AgentResponse {
        try await send(Call(.get, APIPath.agent.path(id)))
    }

    /// Writes an agent's whole definition.
    public func replaceAgent(
        _ id: String,
        with agent: AgentDefinitionRequest
    ) async throws(ClavigerClientError) -> AgentResponse {
        try await send(Call(.put, APIPath.agent.path(id), body: agent))
    }

    /// Changes the given fields of an agent.
    public func updateAgent(
        _ id: String,
        _ change: UpdateAgentRequest
    ) async throws(ClavigerClientError) -> AgentResponse {
        try await send(Call(.patch, APIPath.agent.path(id), body: change))
    }

    /// Deletes an agent and kills its credentials.
    public func deleteAgent(_ id: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.agent.path(id)))
    }

    /// One page of an agent's history, the newest first; times are RFC 3339.
    public func agentEvents(
        _ id: String,
        kinds: [String] = [],
        since: String? = nil,
        until: String? = nil,
        limit: Int = 50,
        cursor: String? = nil
    ) async throws(ClavigerClientError) -> Page<AgentEventResponse> {
        var call = Call(.get, APIPath.agentEvents.path(id))
        call.query = [
            ("kind", kinds.isEmpty ? nil : kinds.joined(separator: ",")), ("since", since), ("until", until),
            ("limit", String(limit)), ("cursor", cursor),
        ]
        return try await send(call)
    }

    /// Pauses an agent: every use is refused and its channel closes; idempotent.
    public func pauseAgent(_ id: String, reason: String? = nil) async throws(ClavigerClientError) -> AgentStateResponse
    {
        try await send(Call(.post, APIPath.pauseAgent.path(id), body: AgentActionRequest(reason: reason)))
    }

    /// Lets a paused agent work again; idempotent.
    public func resumeAgent(_ id: String, reason: String? = nil) async throws(ClavigerClientError) -> AgentStateResponse
    {
        try await send(Call(.post, APIPath.resumeAgent.path(id), body: AgentActionRequest(reason: reason)))
    }

    /// Kills all credentials of an agent for ever; idempotent.
    public func revokeAgent(
        _ id: String,
        reason: String? = nil
    ) async throws(ClavigerClientError) -> RevokeAgentResponse {
        try await send(Call(.post, APIPath.revokeAgentTokens.path(id), body: AgentActionRequest(reason: reason)))
    }

    /// Kills all credentials of an agent and lets it enrol again with a new install token.
    public func resetAgent(
        _ id: String,
        reason: String? = nil,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> ResetAgentResponse {
        var call = try Call(.post, APIPath.resetAgent.path(id), body: AgentActionRequest(reason: reason))
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Makes a new install token for a pending agent; the old one dies at once.
    public func regenerateInstallToken(
        _ id: String,
        reason: String? = nil,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> RegenerateTokenResponse {
        var call = try Call(.post, APIPath.regenerateToken.path(id), body: AgentActionRequest(reason: reason))
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Exchanges an install token, which is this client's bearer token, for an agent token.
    public func enroll(_ enrolment: EnrollRequest) async throws(ClavigerClientError) -> EnrollResponse {
        try await send(Call(.post, APIPath.enroll.path(), body: enrolment))
    }
}
