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
    ///
    /// What either denies is gone, whichever gives it (ORG-5).
    package var permissionSet: PermissionSet {
        guard isActive, let organization else { return [] }
        let given = organization.given.union(workspace?.given ?? [])
        return given.subtracting(organization.overrides.denied).subtracting(workspace?.overrides.denied ?? [])
    }

    /// ``permissionSet`` as a set of names.
    package var permissions: Set<Permission> { Set(permissionSet.permissions) }

    /// The roles that count, for policies that speak of roles.
    package var roles: [AccessRole] {
        let first = organization.map { $0.customRole.map { .custom($0.id) } ?? AccessRole.organization($0.role) }
        let second = workspace.map { $0.customRole.map { .custom($0.id) } ?? AccessRole.workspace($0.role) }
        return [first, second].compactMap(\.self)
    }
}

/// One role and how far it counts.
package struct Membership<Role: MembershipRole>: Hashable, Sendable {
    package let role: Role
    package let status: MembershipStatus
    /// Stands instead of the role's permissions, if there is one; the role is kept for when it is taken away.
    package let customRole: CustomRole?
    package let overrides: PermissionOverrides

    package init(
        role: Role,
        status: MembershipStatus,
        customRole: CustomRole? = nil,
        overrides: PermissionOverrides = .none
    ) {
        self.role = role
        self.status = status
        self.customRole = customRole
        self.overrides = overrides
    }

    /// What the role, or the custom role in its place, gives.
    package var rolePermissions: PermissionSet { customRole?.permissions ?? role.permissionSet }

    /// What it gives before denials.
    var given: PermissionSet { rolePermissions.union(overrides.granted) }
}

/// A role that a membership may have.
package protocol MembershipRole: Hashable, Sendable {
    var permissionSet: PermissionSet { get }
}

extension Membership<OrganizationRole> {
    /// Whether it opens every workspace, without a membership in it: it gives something there.
    package var holdsEverywhere: Bool { !given.isEmpty }
}

extension OrganizationRole: MembershipRole {}
extension WorkspaceRole: MembershipRole {}
