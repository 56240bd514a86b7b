/// What somebody may do at this moment, and for each permission from where it comes and what withheld it (ORG-8).
package struct EffectiveAccess: Hashable, Sendable {
    /// Where a permission comes from.
    package enum Source: Hashable, Sendable {
        case role(AccessRole)
        /// A grant of the membership in the organization, or in the workspace.
        case organizationOverride, workspaceOverride
        case serverAdministrator
    }

    /// What took a permission away.
    package enum Withholding: Hashable, Sendable {
        case organizationOverride, workspaceOverride
        /// A membership, or the service account itself, isn't active.
        case inactive
    }

    package struct Line: Hashable, Sendable {
        package let permission: Permission
        package let sources: [Source]
        package let withheldBy: [Withholding]

        /// Nothing withheld it.
        package var isHeld: Bool { withheldBy.isEmpty }
    }

    package let isActive: Bool
    package let permissions: PermissionSet
    package let roles: [AccessRole]
    /// One for each permission that has a source, sorted by name.
    package let lines: [Line]

    /// A right that an override takes from a role is a conflict; the most restrictive reading won already.
    package var conflicts: [AccessConflict] {
        guard isActive else { return [] }
        return lines.filter { !$0.isHeld }.map { AccessConflict(.withheldByOverride, permission: $0.permission) }
    }

    /// A user in one organization and, if given, one workspace of it.
    ///
    /// Permissions of the server come from being a server administrator alone; memberships neither give nor take them
    /// (ORG-11).
    package init(_ memberships: Memberships, isServerAdministrator: Bool = false) {
        isActive = memberships.isActive
        roles = memberships.roles
        let server: PermissionSet = isServerAdministrator ? .server : []
        permissions = memberships.permissionSet.union(server)
        lines = Permission.allCases.sorted().compactMap { permission in
            if server.contains(permission) {
                return Line(permission: permission, sources: [.serverAdministrator], withheldBy: [])
            }
            return Self.line(permission, memberships)
        }
    }

    /// A service account: its role or custom role, while it is active (ORG-6).
    package init(_ account: ServiceAccount) {
        let role = account.accessRole
        let given = account.rolePermissions
        let isAccountActive = account.state == .active
        isActive = isAccountActive
        roles = [role]
        permissions = isAccountActive ? given : []
        lines = given.permissions.map { permission in
            Line(permission: permission, sources: [.role(role)], withheldBy: isAccountActive ? [] : [.inactive])
        }
    }

    private static func line(_ permission: Permission, _ memberships: Memberships) -> Line? {
        var sources: [Source] = []
        var withheldBy: [Withholding] = []
        if let membership = memberships.organization {
            let role = membership.customRole.map { AccessRole.custom($0.id) } ?? .organization(membership.role)
            if membership.rolePermissions.contains(permission) { sources.append(.role(role)) }
            if membership.overrides.granted.contains(permission) { sources.append(.organizationOverride) }
            if membership.overrides.denied.contains(permission) { withheldBy.append(.organizationOverride) }
        }
        if let membership = memberships.workspace {
            let role = membership.customRole.map { AccessRole.custom($0.id) } ?? .workspace(membership.role)
            if membership.rolePermissions.contains(permission) { sources.append(.role(role)) }
            if membership.overrides.granted.contains(permission) { sources.append(.workspaceOverride) }
            if membership.overrides.denied.contains(permission) { withheldBy.append(.workspaceOverride) }
        }
        if !memberships.isActive { withheldBy.append(.inactive) }
        guard !sources.isEmpty else { return nil }
        return Line(permission: permission, sources: sources, withheldBy: withheldBy)
    }
}

/// Two rules that disagreed; the most restrictive won, and whoever saw it may log it (ORG-8).
package struct AccessConflict: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case withheldByOverride = "withheld_by_override"
        case withheldByPolicy = "withheld_by_policy"
        case scopeBeyondOwner = "scope_beyond_owner"
    }

    package let kind: Kind
    /// Absent for a scope of an organization's own API.
    package let permission: Permission?
    /// The scope that asked for it, if one did.
    package let scope: String?

    package init(_ kind: Kind, permission: Permission?, scope: String? = nil) {
        self.kind = kind
        self.permission = permission
        self.scope = scope
    }
}
