public import ClavigerWire

extension ClavigerClient {
    /// Makes a machine identity, or tells what would be made.
    public func createIdentity(
        _ identity: CreateIdentityRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> IdentityChangeResponse {
        var call = try Call(.post, APIPath.identities.path(), body: identity)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// One page of the identities of a kind (`service` or `agent`), the newest first; `limit` is 1 to 200.
    public func listIdentities(
        kind: String,
        limit: Int = 50,
        cursor: String? = nil
    ) async throws(ClavigerClientError) -> Page<IdentityResponse> {
        var call = Call(.get, APIPath.identities.path())
        call.query = [("kind", kind), ("limit", String(limit)), ("cursor", cursor)]
        return try await send(call)
    }

    /// One identity with its tokens and what was done to it lately.
    public func identity(_ id: String) async throws(ClavigerClientError) -> IdentityResponse {
        try await send(Call(.get, APIPath.identity.path(id)))
    }

    /// Rotates, pauses, resumes or revokes an identity, or tells what would be done.
    public func changeIdentity(
        _ id: String,
        _ action: IdentityAction,
        _ order: IdentityActionRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> IdentityChangeResponse {
        var call = try Call(.post, action.path.path(id), body: order)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }
}
