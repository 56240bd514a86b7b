package import Domain
internal import Store

/// A person as edges show them.
package struct UserView: Sendable, Hashable {
    package let id: UserID
    package let email: String
    package let name: String

    init(_ user: UserAccount) {
        self.init(id: user.id, email: user.email.text, name: user.name)
    }

    init(id: UserID, email: String, name: String) {
        self.id = id
        self.email = email
        self.name = name
    }
}

/// A session as its owner sees it.
package struct SessionView: Sendable, Hashable {
    package let id: CredentialID
    package let prefix: String
    package let createdAt: Instant
    package let lastUsedAt: Instant
    package let expiresAt: Instant
    package let address: String?
    package let userAgent: String?

    init(_ session: Session) {
        id = session.id
        prefix = session.stamp.prefix
        createdAt = session.createdAt
        lastUsedAt = session.lastUsedAt
        expiresAt = session.expiresAt
        address = session.address
        userAgent = session.userAgent
    }
}

/// Who the caller is, in plain values.
package struct ProfileView: Sendable, Hashable {
    /// An object named by id and name.
    package struct Named: Sendable, Hashable {
        package let id: String
        package let name: String
    }

    package let user: UserView
    /// Absent for a server administrator who belongs to none.
    package let organization: Named?
    package let workspace: Named?
    package let organizationRole: OrganizationRole?
    package let workspaceRole: WorkspaceRole?
    package let permissions: PermissionSet
    package let isServerAdministrator: Bool
}

extension SignedIn {
    package var sessionView: SessionView { SessionView(session) }
    package var userView: UserView { UserView(user) }
}

extension Profile {
    /// The same without the store's records, for edges.
    package var view: ProfileView {
        ProfileView(
            user: UserView(user),
            organization: organization.map { ProfileView.Named(id: $0.id.text, name: $0.name) },
            workspace: workspace.map { ProfileView.Named(id: $0.id.text, name: $0.name) },
            organizationRole: memberships.organization?.role,
            workspaceRole: memberships.workspace?.role,
            permissions: permissions,
            isServerAdministrator: user.isServerAdministrator
        )
    }
}

extension AccountService {
    /// The caller's live sessions, for edges.
    package func sessionViews(caller: Caller) async throws(ControlPlaneError) -> [SessionView] {
        try await sessions(caller: caller).map(SessionView.init)
    }
}
