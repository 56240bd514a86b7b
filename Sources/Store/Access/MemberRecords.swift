package import Domain

/// A person's membership in an organization, with who they are.
package struct Member: Hashable, Sendable, Identifiable {
    package let id: MembershipID
    package let organizationID: OrganizationID
    package let userID: UserID
    package let email: String
    package let name: String
    /// Whether the account as a whole may be used.
    package let isUserActive: Bool
    package let membership: Membership<OrganizationRole>
    package let createdAt: Instant
    package let version: Int64
}

/// A person's membership in one workspace of an organization.
package struct WorkspaceMember: Hashable, Sendable {
    /// The membership in the organization, by which the person is named.
    package let memberID: MembershipID
    package let workspaceID: WorkspaceID
    package let workspaceName: String
    package let userID: UserID
    package let email: String
    package let name: String
    /// How far the person belongs to the organization: the stricter status wins (ORG-4).
    package let organizationStatus: MembershipStatus
    package let membership: Membership<WorkspaceRole>
}

/// Which members of an organization a list shows; what is absent does not filter.
package struct MemberQuery: Hashable, Sendable {
    package var status: MembershipStatus?
    package var role: OrganizationRole?
    /// Part of the e-mail address.
    package var text: String?
    /// 1 to 200.
    package var limit: Int
    package var after: MembershipID?

    package init(
        status: MembershipStatus? = nil,
        role: OrganizationRole? = nil,
        text: String? = nil,
        limit: Int = 50,
        after: MembershipID? = nil
    ) {
        self.status = status
        self.role = role
        self.text = text
        self.limit = limit
        self.after = after
    }
}
