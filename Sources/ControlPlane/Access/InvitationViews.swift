package import Domain
internal import SQLDatabase
internal import Store

/// Whom somebody wants to invite, and as what.
package struct InvitationDraft: Sendable, Hashable {
    /// A workspace with the role in it, both as text.
    package struct Workspace: Sendable, Hashable {
        package let id: String
        package let role: String

        package init(id: String, role: String) {
            self.id = id
            self.role = role
        }
    }

    package var email: String
    package var role: String
    package var customRoleID: String?
    /// At most 50.
    package var workspaces: [Workspace]

    package static let maximumWorkspaces = 50

    package init(email: String, role: String, customRoleID: String? = nil, workspaces: [Workspace] = []) {
        self.email = email
        self.role = role
        self.customRoleID = customRoleID
        self.workspaces = workspaces
    }
}

/// An invitation that waits.
package struct InvitationView: Sendable, Hashable {
    package let id: CredentialID
    package let memberID: MembershipID
    package let email: String
    package let role: OrganizationRole
    package let customRole: CustomRole?
    package let workspaces: [WorkspaceMemberView]
    /// Absent if the server itself invited, as it does the first owner of an organization.
    package let invitedBy: Actor?
    package let createdAt: Instant
    package let expiresAt: Instant
}

/// An invitation with its secret, which is shown this once.
package struct InvitationGrant: Sendable {
    package let invitation: InvitationView
    package let token: Token
    let publicURL: String

    /// The link: the secret stands in the fragment, which is never sent.
    package func link() -> String { "\(publicURL)/invitation#\(token.revealed())" }
}

extension InvitationView {
    /// Nothing, if the membership isn't an invited one any more.
    init?(_ secret: OneTimeSecret, _ organization: OrganizationID, in tx: borrowing Transaction) throws {
        guard let user = secret.userID,
            let member = try MemberStore.find(user, organization: organization, in: tx),
            member.membership.status == .invited
        else { return nil }
        let places = try MemberStore.workspaces(of: user, organization: organization, in: tx)
        self.init(
            id: secret.id,
            memberID: member.id,
            email: member.email,
            role: member.membership.role,
            customRole: member.membership.customRole,
            workspaces: places.filter { $0.membership.status == .invited }.map(WorkspaceMemberView.init),
            invitedBy: secret.createdBy,
            createdAt: secret.createdAt,
            expiresAt: secret.expiresAt
        )
    }
}
