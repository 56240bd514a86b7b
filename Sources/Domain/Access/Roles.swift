/// A role in an organization.
///
/// Its permissions hold in every workspace of it.
package enum OrganizationRole: String, CaseIterable, Sendable {
    case owner, admin, auditor, member

    package var permissions: Set<Permission> { RoleMatrix.permissions(of: self) }
}

/// A role in one workspace.
package enum WorkspaceRole: String, CaseIterable, Sendable {
    case manager, developer, viewer

    package var permissions: Set<Permission> { RoleMatrix.permissions(of: self) }
}

/// How far a membership counts.
///
/// Only `active` may do anything; of two memberships the stricter one wins.
package enum MembershipStatus: String, CaseIterable, Sendable {
    case invited, active, paused, removed
}
