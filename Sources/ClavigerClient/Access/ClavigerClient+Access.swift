public import ClavigerWire

extension ClavigerClient {
    /// Makes the first owner with the one-time setup secret and signs in.
    public func setUp(_ request: SetupRequest) async throws(ClavigerClientError) -> SessionTokenResponse {
        try await send(Call(.post, APIPath.setup.path(), body: request))
    }

    /// Signs in; the answer carries the session token, once.
    public func logIn(_ request: LoginRequest) async throws(ClavigerClientError) -> SessionTokenResponse {
        try await send(Call(.post, APIPath.login.path(), body: request))
    }

    /// Ends the session whose token this client carries.
    public func logOut() async throws(ClavigerClientError) {
        try await send(Call(.post, APIPath.logout.path()))
    }

    /// Changes the caller's password and ends all sessions.
    public func changePassword(_ request: ChangePasswordRequest) async throws(ClavigerClientError) {
        try await send(Call(.post, APIPath.password.path(), body: request))
    }

    /// Sets a new password with a one-time recovery secret and ends all sessions.
    public func resetPassword(_ request: ResetPasswordRequest) async throws(ClavigerClientError) {
        try await send(Call(.post, APIPath.recover.path(), body: request))
    }

    /// The caller's sessions.
    public func sessions() async throws(ClavigerClientError) -> Page<SessionResponse> {
        try await send(Call(.get, APIPath.sessions.path()))
    }

    /// Ends one of the caller's sessions.
    public func endSession(_ id: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.session.path(id)))
    }

    /// Who the caller is and what they may do.
    public func me() async throws(ClavigerClientError) -> MeResponse {
        try await send(Call(.get, APIPath.me.path()))
    }
}
