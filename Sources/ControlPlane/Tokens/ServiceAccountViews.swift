package import Domain

/// A service account as edges show it.
package struct ServiceAccountView: Sendable, Hashable {
    package let account: ServiceAccount
    /// How many of its tokens aren't revoked.
    package let tokens: Int
}

/// What somebody writes to make a service account.
package struct ServiceAccountDraft: Sendable, Hashable {
    package var name: String
    package var description: String
    package var role: WorkspaceRole
    /// Stands instead of the role's permissions, if there is one.
    package var customRole: CustomRoleID?

    package init(name: String, description: String = "", role: WorkspaceRole, customRole: CustomRoleID? = nil) {
        self.name = name
        self.description = description
        self.role = role
        self.customRole = customRole
    }
}

/// What somebody wants to change of a service account; name and role can't be cleared.
package struct ServiceAccountPatch: Sendable, Hashable {
    package var name: FieldChange<String> = .keep
    package var description: FieldChange<String> = .keep
    package var role: FieldChange<WorkspaceRole> = .keep
    package var customRole: FieldChange<CustomRoleID> = .keep

    package init() {}

    /// The whole definition that it makes of an account's.
    func draft(over account: ServiceAccount) -> ServiceAccountDraft {
        ServiceAccountDraft(
            name: name.applied(to: account.name) ?? "",
            description: description.applied(to: account.description) ?? "",
            role: role.applied(to: account.role) ?? account.role,
            customRole: customRole.applied(to: account.customRole?.id)
        )
    }
}
