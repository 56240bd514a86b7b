public import ClavigerWire

extension ClavigerClient {
    /// Invites a person; the answer carries the invitation's secret, once.
    public func invite(
        _ invitation: InvitationRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> CreateInvitationResponse {
        var call = try Call(.post, APIPath.invitations.path(), body: invitation)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// The invitations that can still be accepted.
    public func listInvitations() async throws(ClavigerClientError) -> Page<InvitationResponse> {
        try await send(Call(.get, APIPath.invitations.path()))
    }

    /// Makes an invitation worthless.
    public func revokeInvitation(_ id: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.invitation.path(id)))
    }

    /// Accepts an invitation with a password and signs in.
    public func acceptInvitation(
        _ request: AcceptInvitationRequest
    ) async throws(ClavigerClientError) -> SessionTokenResponse {
        try await send(Call(.post, APIPath.acceptInvitation.path(), body: request))
    }

    /// Accepts an invitation as the person who is signed in.
    public func joinOrganization(
        _ request: JoinOrganizationRequest
    ) async throws(ClavigerClientError) -> NamedReference {
        try await send(Call(.post, APIPath.myOrganizations.path(), body: request))
    }
}
