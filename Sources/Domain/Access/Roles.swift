/// A role in an organization.
///
/// Its permissions hold in every workspace of it.
package enum OrganizationRole: String, CaseIterable, Sendable {
    case owner, admin, auditor, member

    package var permissions: Set<Permission> { RoleMatrix.permissions(of: self) }
    package var permissionSet: PermissionSet { Self.sets[self] ?? [] }

    private static let sets = Dictionary(uniqueKeysWithValues: allCases.map { ($0, PermissionSet($0.permissions)) })
}

/// A role in one workspace.
package enum WorkspaceRole: String, CaseIterable, Sendable {
    case manager, developer, viewer

    package var permissions: Set<Permission> { RoleMatrix.permissions(of: self) }
    package var permissionSet: PermissionSet { Self.sets[self] ?? [] }

    private static let sets = Dictionary(uniqueKeysWithValues: allCases.map { ($0, PermissionSet($0.permissions)) })
}

/// How far a membership counts.
///
/// Only `active` may do anything; of two memberships the stricter one wins.
package enum MembershipStatus: String, CaseIterable, Sendable {
    case invited, active, paused, removed
}

/// A role by which a policy may tell people and service accounts apart.
package enum AccessRole: Hashable, Sendable {
    case organization(OrganizationRole)
    case workspace(WorkspaceRole)
    case custom(CustomRoleID)

    /// `owner`, `manager`, `rol_…`: no two roles share a text.
    package var text: String {
        switch self {
        case .organization(let role): role.rawValue
        case .workspace(let role): role.rawValue
        case .custom(let id): id.text
        }
    }

    package init?(_ text: String) {
        if let role = OrganizationRole(rawValue: text) {
            self = .organization(role)
        } else if let role = WorkspaceRole(rawValue: text) {
            self = .workspace(role)
        } else if let id = CustomRoleID(text) {
            self = .custom(id)
        } else {
            return nil
        }
    }
}
