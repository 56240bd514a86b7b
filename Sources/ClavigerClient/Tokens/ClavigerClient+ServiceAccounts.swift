public import ClavigerWire

extension ClavigerClient {
    /// Creates a service account.
    public func createServiceAccount(
        _ account: CreateServiceAccountRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> ServiceAccountResponse {
        var call = try Call(.post, APIPath.serviceAccounts.path(), body: account)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// One page of the service accounts, the newest first; `limit` is 1 to 200.
    public func listServiceAccounts(
        limit: Int = 50,
        cursor: String? = nil
    ) async throws(ClavigerClientError) -> Page<ServiceAccountResponse> {
        var call = Call(.get, APIPath.serviceAccounts.path())
        call.query = [("limit", String(limit)), ("cursor", cursor)]
        return try await send(call)
    }

    /// One service account.
    public func serviceAccount(_ id: String) async throws(ClavigerClientError) -> ServiceAccountResponse {
        try await send(Call(.get, APIPath.serviceAccount.path(id)))
    }

    /// Changes the given fields of a service account.
    public func updateServiceAccount(
        _ id: String,
        _ change: UpdateServiceAccountRequest
    ) async throws(ClavigerClientError) -> ServiceAccountResponse {
        try await send(Call(.patch, APIPath.serviceAccount.path(id), body: change))
    }

    /// Deletes a service account and revokes its tokens.
    public func deleteServiceAccount(_ id: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.serviceAccount.path(id)))
    }

    /// Pauses a service account: none of its tokens works; idempotent.
    public func pauseServiceAccount(
        _ id: String,
        reason: String? = nil
    ) async throws(ClavigerClientError) -> ServiceAccountResponse {
        try await send(Call(.post, APIPath.pauseServiceAccount.path(id), body: ReasonRequest(reason: reason)))
    }

    /// Lets a paused service account's tokens work again; idempotent.
    public func resumeServiceAccount(
        _ id: String,
        reason: String? = nil
    ) async throws(ClavigerClientError) -> ServiceAccountResponse {
        try await send(Call(.post, APIPath.resumeServiceAccount.path(id), body: ReasonRequest(reason: reason)))
    }
}
