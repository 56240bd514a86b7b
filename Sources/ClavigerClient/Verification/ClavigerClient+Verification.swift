public import ClavigerWire

extension ClavigerClient {
    /// Asks whether a token is good; the client's own credential needs `tokens:verify`.
    public func verify(_ request: VerifyTokenRequest) async throws(ClavigerClientError) -> VerifyTokenResponse {
        try await send(Call(.post, APIPath.verifyToken.path(), body: request))
    }

    /// The same in OAuth's words (RFC 7662): a look, which costs the token nothing.
    ///
    /// `api` is the protected API it was shown at, `clientAddress` the address of whoever showed it.
    public func introspect(
        _ token: String,
        api: String? = nil,
        clientAddress: String? = nil
    ) async throws(ClavigerClientError) -> IntrospectionResponse {
        let fields: [(name: String, value: String?)] = [
            ("token", token), ("api", api), ("client_address", clientAddress),
        ]
        return try await send(Call(.post, APIPath.oauthIntrospect.path(), form: fields))
    }

    /// Ends the live token that is shown, and no other (RFC 7009); nothing tells whether there was one.
    public func revoke(text token: String) async throws(ClavigerClientError) {
        try await send(Call(.post, APIPath.oauthRevoke.path(), form: [("token", token)]))
    }
}
