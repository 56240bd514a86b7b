public import ClavigerWire

extension ClavigerClient {
    /// Creates a personal token of the caller's; the answer carries its text, once.
    public func createToken(
        _ token: CreateTokenRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> TokenSecretResponse {
        var call = try Call(.post, APIPath.tokens.path(), body: token)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Creates a token of a service account; the answer carries its text, once.
    public func createToken(
        _ token: CreateTokenRequest,
        ofServiceAccount account: String,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> TokenSecretResponse {
        var call = try Call(.post, APIPath.serviceAccountTokens.path(account), body: token)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// One page of the tokens the caller may see, the newest first; `limit` is 1 to 200.
    public func listTokens(
        _ filter: TokenFilter = TokenFilter(),
        limit: Int = 50,
        cursor: String? = nil
    ) async throws(ClavigerClientError) -> Page<TokenResponse> {
        var call = Call(.get, APIPath.tokens.path())
        call.query = [
            ("owner", filter.owner), ("kind", filter.kind), ("status", filter.status), ("tag", filter.tag),
            ("q", filter.text), ("expires_before", filter.expiresBefore),
            ("out_of_policy", filter.isOutOfPolicy ? "true" : nil),
            ("seen_by_departed", filter.isSeenByDeparted ? "true" : nil), ("limit", String(limit)), ("cursor", cursor),
        ]
        return try await send(call)
    }

    /// One token.
    public func token(_ id: String) async throws(ClavigerClientError) -> TokenResponse {
        try await send(Call(.get, APIPath.token.path(id)))
    }

    /// Everything about one token: effective scopes, addresses, earlier texts, events.
    public func tokenDetails(_ id: String) async throws(ClavigerClientError) -> TokenDetailsResponse {
        try await send(Call(.get, APIPath.tokenDetails.path(id)))
    }

    /// Changes the given fields of a token.
    public func updateToken(
        _ id: String,
        _ change: UpdateTokenRequest
    ) async throws(ClavigerClientError) -> TokenResponse {
        try await send(Call(.patch, APIPath.token.path(id), body: change))
    }

    /// Gives a token a new text, shown once; or, for another person's token, asks its owner to.
    public func rotateToken(
        _ id: String,
        _ rotation: RotateAPITokenRequest = RotateAPITokenRequest(),
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> TokenSecretResponse {
        var call = try Call(.post, APIPath.rotateToken.path(id), body: rotation)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Pauses a token: it is refused everywhere until it is resumed; idempotent.
    public func pauseToken(_ id: String, reason: String? = nil) async throws(ClavigerClientError) -> TokenResponse {
        try await send(Call(.post, APIPath.pauseToken.path(id), body: ReasonRequest(reason: reason)))
    }

    /// Lets a paused token work again; idempotent.
    public func resumeToken(_ id: String, reason: String? = nil) async throws(ClavigerClientError) -> TokenResponse {
        try await send(Call(.post, APIPath.resumeToken.path(id), body: ReasonRequest(reason: reason)))
    }

    /// Revokes a token for ever; idempotent.
    public func revokeToken(_ id: String, reason: String? = nil) async throws(ClavigerClientError) -> TokenResponse {
        try await send(Call(.post, APIPath.revokeToken.path(id), body: ReasonRequest(reason: reason)))
    }

    /// Recommended beginnings for tokens of common uses.
    public func tokenTemplates() async throws(ClavigerClientError) -> Page<TokenTemplateResponse> {
        try await send(Call(.get, APIPath.tokenTemplates.path()))
    }

    /// Revokes the tokens that a filter finds.
    public func bulkRevokeTokens(_ order: BulkTokensRequest) async throws(ClavigerClientError) -> BulkTokensResponse {
        try await send(Call(.post, APIPath.bulkRevokeTokens.path(), body: order))
    }

    /// Demands a rotation of the tokens that a filter finds, within 72 hours.
    public func bulkRotateTokens(_ order: BulkTokensRequest) async throws(ClavigerClientError) -> BulkTokensResponse {
        try await send(Call(.post, APIPath.bulkRotateTokens.path(), body: order))
    }

    /// Changes the scopes of the tokens that a filter finds.
    public func bulkRescopeTokens(
        _ order: BulkRescopeTokensRequest
    ) async throws(ClavigerClientError) -> BulkTokensResponse {
        try await send(Call(.post, APIPath.bulkRescopeTokens.path(), body: order))
    }

    /// Changes the tags of the tokens that a filter finds.
    public func bulkTagTokens(_ order: BulkTagTokensRequest) async throws(ClavigerClientError) -> BulkTokensResponse {
        try await send(Call(.post, APIPath.bulkTagTokens.path(), body: order))
    }
}
