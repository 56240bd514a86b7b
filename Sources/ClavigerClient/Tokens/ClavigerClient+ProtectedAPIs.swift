public import ClavigerWire

extension ClavigerClient {
    /// The scopes that the organization registered for its own API.
    public func registeredScopes() async throws(ClavigerClientError) -> Page<RegisteredScopeResponse> {
        try await send(Call(.get, APIPath.registeredScopes.path()))
    }

    /// Registers a scope.
    public func createRegisteredScope(
        _ scope: CreateRegisteredScopeRequest
    ) async throws(ClavigerClientError) -> RegisteredScopeResponse {
        try await send(Call(.post, APIPath.registeredScopes.path(), body: scope))
    }

    /// Changes the given fields of a registered scope.
    public func updateRegisteredScope(
        _ name: String,
        _ change: UpdateRegisteredScopeRequest
    ) async throws(ClavigerClientError) -> RegisteredScopeResponse {
        try await send(Call(.patch, APIPath.registeredScope.path(name), body: change))
    }

    /// Forgets a scope: it counts for nothing on the tokens that carry it.
    public func deleteRegisteredScope(_ name: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.registeredScope.path(name)))
    }

    /// The APIs whose callers the organization has Claviger check.
    public func protectedAPIs() async throws(ClavigerClientError) -> Page<ProtectedAPIResponse> {
        try await send(Call(.get, APIPath.protectedAPIs.path()))
    }

    /// One protected API.
    public func protectedAPI(_ id: String) async throws(ClavigerClientError) -> ProtectedAPIResponse {
        try await send(Call(.get, APIPath.protectedAPI.path(id)))
    }

    /// Makes a protected API.
    public func createProtectedAPI(
        _ api: CreateProtectedAPIRequest
    ) async throws(ClavigerClientError) -> ProtectedAPIResponse {
        try await send(Call(.post, APIPath.protectedAPIs.path(), body: api))
    }

    /// Changes the given fields of a protected API.
    public func updateProtectedAPI(
        _ id: String,
        _ change: UpdateProtectedAPIRequest
    ) async throws(ClavigerClientError) -> ProtectedAPIResponse {
        try await send(Call(.patch, APIPath.protectedAPI.path(id), body: change))
    }

    /// Deletes a protected API: no token is good there any more.
    public func deleteProtectedAPI(_ id: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.protectedAPI.path(id)))
    }
}
