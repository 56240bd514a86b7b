public import ClavigerWire

extension ClavigerClient {
    /// One page of the organization's members, the newest first; `text` is a part of the address.
    public func listMembers(
        status: String? = nil,
        role: String? = nil,
        text: String? = nil,
        limit: Int = 50,
        cursor: String? = nil
    ) async throws(ClavigerClientError) -> Page<MemberResponse> {
        var call = Call(.get, APIPath.members.path())
        call.query = [
            ("status", status), ("role", role), ("q", text), ("limit", String(limit)), ("cursor", cursor),
        ]
        return try await send(call)
    }

    /// One member.
    public func member(_ id: String) async throws(ClavigerClientError) -> MemberResponse {
        try await send(Call(.get, APIPath.member.path(id)))
    }

    /// Changes role, custom role or overrides of a member.
    public func updateMember(
        _ id: String,
        _ change: UpdateMemberRequest
    ) async throws(ClavigerClientError) -> MemberResponse {
        try await send(Call(.patch, APIPath.member.path(id), body: change))
    }

    /// Lets a member do nothing until they are resumed; idempotent.
    public func pauseMember(_ id: String, reason: String? = nil) async throws(ClavigerClientError) -> MemberResponse {
        try await send(Call(.post, APIPath.pauseMember.path(id), body: ReasonRequest(reason: reason)))
    }

    /// Lets a paused member work again; idempotent.
    public func resumeMember(_ id: String, reason: String? = nil) async throws(ClavigerClientError) -> MemberResponse {
        try await send(Call(.post, APIPath.resumeMember.path(id), body: ReasonRequest(reason: reason)))
    }

    /// Takes a person out of the organization and all its workspaces.
    public func removeMember(_ id: String, reason: String? = nil) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.member.path(id), body: ReasonRequest(reason: reason)))
    }

    /// What a member may do, explained; in a workspace, or where the caller acts.
    public func memberPermissions(
        _ id: String,
        workspace: String? = nil
    ) async throws(ClavigerClientError) -> PermissionsResponse {
        var call = Call(.get, APIPath.memberPermissions.path(id))
        call.query = [("workspace_id", workspace)]
        return try await send(call)
    }

    /// What a token may do, explained.
    public func tokenPermissions(_ id: String) async throws(ClavigerClientError) -> PermissionsResponse {
        try await send(Call(.get, APIPath.tokenPermissions.path(id)))
    }

    /// What the caller may do, explained.
    public func myPermissions() async throws(ClavigerClientError) -> PermissionsResponse {
        try await send(Call(.get, APIPath.myPermissions.path()))
    }
}
