/// An account of a program: it owns service tokens, has a role of its own and outlives whoever made it (ORG-6, TOK-10).
package struct ServiceAccount: Hashable, Sendable, Identifiable {
    /// - ``active``: its tokens work. → ``paused``, ``deleted``.
    /// - ``paused``: none of its tokens works. → ``active``, ``deleted``.
    /// - ``deleted``: for ever; its tokens are revoked with it.
    package enum State: String, CaseIterable, Sendable {
        case active, paused, deleted
    }

    package let id: ServiceAccountID
    package let organizationID: OrganizationID
    package let workspaceID: WorkspaceID
    package var name: String
    package var description: String
    package var role: WorkspaceRole
    /// Stands instead of the role's permissions, if there is one.
    package var customRole: CustomRole?
    package var state: State
    package let createdBy: Actor
    package let createdAt: Instant
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package init(
        id: ServiceAccountID,
        organizationID: OrganizationID,
        workspaceID: WorkspaceID,
        name: String,
        description: String = "",
        role: WorkspaceRole,
        customRole: CustomRole? = nil,
        state: State = .active,
        createdBy: Actor,
        createdAt: Instant,
        version: Int64 = 1
    ) {
        self.id = id
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.name = name
        self.description = description
        self.role = role
        self.customRole = customRole
        self.state = state
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.version = version
    }

    package var accessRole: AccessRole { customRole.map { .custom($0.id) } ?? .workspace(role) }

    /// What its role gives, whether it is active or not.
    package var rolePermissions: PermissionSet { customRole?.permissions ?? role.permissionSet }

    /// The faults in the fields that people write: a name of 1 to 255 characters, a description of at most 1024.
    package static func faults(name: String, description: String) -> [FieldFault] {
        var check = FieldCheck()
        _ = check.line(name, at: "/name", 1...255)
        _ = check.line(description, at: "/description", 0...1024)
        return check.faults
    }
}
