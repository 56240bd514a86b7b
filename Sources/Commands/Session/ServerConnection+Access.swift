import ClavigerClient
import ClavigerWire

/// Objects of access by the names that people write.
extension ServerConnection {
    /// All members, page by page.
    func members(
        status: String? = nil,
        role: String? = nil,
        text: String? = nil
    ) async throws -> [MemberResponse] {
        var members: [MemberResponse] = []
        var cursor: String?
        repeat {
            let page = try await client.listMembers(
                status: status,
                role: role,
                text: text,
                limit: 200,
                cursor: cursor
            )
            members += page.data
            cursor = page.nextCursor
        } while cursor != nil
        return members
    }

    /// The id of a member named by id or e-mail address.
    func memberID(_ name: String) async throws -> String {
        if name.hasPrefix("mbr_") { return name }
        let email = name.lowercased()
        let found = try await members(text: email).first { $0.email == email }
        guard let found else { throw CommandFailure(.notFound, "there is no member \(name).") }
        return found.id
    }

    /// The id of a workspace named by id or name.
    func workspaceID(_ name: String) async throws -> String {
        if name.hasPrefix("wsp_") { return name }
        let found = try await client.listWorkspaces().data.first { $0.name == name }
        guard let found else { throw CommandFailure(.notFound, "there is no workspace \(name).") }
        return found.id
    }

    /// A custom role named by id or name.
    func role(_ name: String) async throws -> RoleResponse {
        if name.hasPrefix("rol_") { return try await client.role(name) }
        let found = try await client.listRoles().data.first { $0.name == name }
        guard let found else { throw CommandFailure(.notFound, "there is no custom role \(name).") }
        return found
    }

    func roleID(_ name: String?) async throws -> String? {
        guard let name, name != "none" else { return nil }
        return try await role(name).id
    }

    /// What is sent of a custom role: nothing, none, or its id.
    func roleField(_ rights: RightsOptions) async throws -> PatchField<String> {
        guard rights.customRole != nil else { return .absent }
        guard let id = try await roleID(rights.customRole) else { return .null }
        return .value(id)
    }

    /// A plan named by id or name.
    func plan(_ name: String) async throws -> PlanResponse {
        if name.hasPrefix("pln_") { return try await client.plan(name) }
        let found = try await client.listPlans().data.first { $0.name == name }
        guard let found else { throw CommandFailure(.notFound, "there is no plan \(name).") }
        return found
    }
}
