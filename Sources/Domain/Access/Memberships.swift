/// What a user is in one organization and one of its workspaces, and what follows from it.
package struct Memberships: Hashable, Sendable {
    package let organization: Membership<OrganizationRole>?
    package let workspace: Membership<WorkspaceRole>?

    package init(organization: Membership<OrganizationRole>?, workspace: Membership<WorkspaceRole>?) {
        self.organization = organization
        self.workspace = workspace
    }

    /// Whether the user may do anything here: active in the organization, and not shut out of the workspace.
    ///
    /// A workspace membership that isn't active takes away what the organization's role gives there, for the stricter
    /// of the two wins (ORG-4).
    package var isActive: Bool {
        guard let organization, organization.status == .active else { return false }
        guard let workspace else { return true }
        return workspace.status == .active
    }

    /// The permissions that both memberships together give, computed when used (ORG-6).
    package var permissions: Set<Permission> {
        guard isActive, let organization else { return [] }
        return organization.role.permissions.union(workspace?.role.permissions ?? [])
    }
}

/// One role and how far it counts.
package struct Membership<Role: Hashable & Sendable>: Hashable, Sendable {
    package let role: Role
    package let status: MembershipStatus

    package init(role: Role, status: MembershipStatus) {
        self.role = role
        self.status = status
    }
}
