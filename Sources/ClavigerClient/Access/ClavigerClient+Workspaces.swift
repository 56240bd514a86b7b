public import ClavigerWire

extension ClavigerClient {
    /// The workspaces that are there for the caller.
    public func listWorkspaces() async throws(ClavigerClientError) -> Page<WorkspaceResponse> {
        try await send(Call(.get, APIPath.workspaces.path()))
    }

    /// One workspace.
    public func workspace(_ id: String) async throws(ClavigerClientError) -> WorkspaceResponse {
        try await send(Call(.get, APIPath.workspace.path(id)))
    }

    /// Makes a workspace.
    public func createWorkspace(
        name: String,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> WorkspaceResponse {
        var call = try Call(.post, APIPath.workspaces.path(), body: PlaceNameRequest(name: name))
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Renames a workspace.
    public func renameWorkspace(_ id: String, to name: String) async throws(ClavigerClientError) -> WorkspaceResponse {
        try await send(Call(.patch, APIPath.workspace.path(id), body: PlaceNameRequest(name: name)))
    }

    /// The members of a workspace.
    public func workspaceMembers(_ id: String) async throws(ClavigerClientError) -> Page<WorkspaceMemberResponse> {
        try await send(Call(.get, APIPath.workspaceMembers.path(id)))
    }

    /// Adds a member of the organization to a workspace.
    public func addWorkspaceMember(
        _ workspace: String,
        _ member: AddWorkspaceMemberRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> WorkspaceMemberResponse {
        var call = try Call(.post, APIPath.workspaceMembers.path(workspace), body: member)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Changes what somebody is in a workspace.
    public func updateWorkspaceMember(
        _ workspace: String,
        _ member: String,
        _ change: UpdateWorkspaceMemberRequest
    ) async throws(ClavigerClientError) -> WorkspaceMemberResponse {
        try await send(Call(.patch, APIPath.workspaceMember.path(workspace, member), body: change))
    }

    /// Takes somebody out of a workspace.
    public func removeWorkspaceMember(_ workspace: String, _ member: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.workspaceMember.path(workspace, member)))
    }

    /// The custom roles of the organization.
    public func listRoles() async throws(ClavigerClientError) -> Page<RoleResponse> {
        try await send(Call(.get, APIPath.roles.path()))
    }

    /// One custom role.
    public func role(_ id: String) async throws(ClavigerClientError) -> RoleResponse {
        try await send(Call(.get, APIPath.role.path(id)))
    }

    /// Makes a custom role.
    public func createRole(
        _ request: CreateRoleRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> RoleResponse {
        var call = try Call(.post, APIPath.roles.path(), body: request)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Changes a custom role; everybody who has it follows.
    public func updateRole(
        _ id: String,
        _ change: UpdateRoleRequest
    ) async throws(ClavigerClientError) -> RoleResponse {
        try await send(Call(.patch, APIPath.role.path(id), body: change))
    }

    /// Deletes a custom role that nobody has.
    public func deleteRole(_ id: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.role.path(id)))
    }

    /// What the organization demands of its credentials.
    public func policy() async throws(ClavigerClientError) -> PolicyResponse {
        try await send(Call(.get, APIPath.policy.path()))
    }

    /// Writes the organization's whole policy.
    public func putPolicy(_ policy: PolicyRequest) async throws(ClavigerClientError) -> PolicyResponse {
        try await send(Call(.put, APIPath.policy.path(), body: policy))
    }
}
