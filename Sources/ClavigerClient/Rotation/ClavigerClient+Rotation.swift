public import ClavigerWire

extension ClavigerClient {
    /// Rotates an agent's token, waiting for the agent up to `wait_seconds` (ROT-15).
    ///
    /// The answer says in `agent_notified` whether the agent has the new token; when it could not store it, the call
    /// fails with the problem `RotationFailed`.
    public func rotateAgentToken(
        _ id: String,
        _ request: RotateTokenRequest = RotateTokenRequest(),
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> RotateTokenResponse {
        var call = try Call(.post, APIPath.rotateAgentToken.path(id), body: request)
        call.idempotencyKey = idempotencyKey
        call.extraSeconds = Int64(min(max(request.waitSeconds ?? 300, 0), 300))
        return try await send(call)
    }

    /// The running rotation of an agent, or the one that ended last.
    public func rotation(ofAgent id: String) async throws(ClavigerClientError) -> RotationResponse {
        try await send(Call(.get, APIPath.agentRotation.path(id)))
    }

    /// Cancels the running rotation; a token that was issued for it dies.
    public func cancelRotation(ofAgent id: String) async throws(ClavigerClientError) -> RotationResponse {
        try await send(Call(.delete, APIPath.agentRotation.path(id)))
    }

    /// Ends the grace of the previous token now.
    public func endGrace(
        ofAgent id: String,
        reason: String? = nil
    ) async throws(ClavigerClientError) -> EndGraceResponse {
        try await send(Call(.post, APIPath.endGrace.path(id), body: AgentActionRequest(reason: reason)))
    }
}
