package import Domain
internal import Store

/// A member of an organization as administrators see them.
package struct MemberView: Sendable, Hashable {
    package let id: MembershipID
    package let user: UserView
    package let status: MembershipStatus
    package let role: OrganizationRole
    package let customRole: CustomRole?
    package let overrides: PermissionOverrides
    package let workspaces: [WorkspaceMemberView]
    package let createdAt: Instant

    init(_ member: Member, workspaces: [WorkspaceMember]) {
        id = member.id
        user = UserView(id: member.userID, email: member.email, name: member.name)
        status = member.membership.status
        role = member.membership.role
        customRole = member.membership.customRole
        overrides = member.membership.overrides
        self.workspaces = workspaces.filter { $0.membership.status != .removed }.map(WorkspaceMemberView.init)
        createdAt = member.createdAt
    }
}

/// What a person is in one workspace.
package struct WorkspaceMemberView: Sendable, Hashable {
    package let memberID: MembershipID
    package let workspaceID: WorkspaceID
    package let workspaceName: String
    package let user: UserView
    /// The stricter of the two statuses.
    package let status: MembershipStatus
    package let role: WorkspaceRole
    package let customRole: CustomRole?
    package let overrides: PermissionOverrides

    init(_ member: WorkspaceMember) {
        memberID = member.memberID
        workspaceID = member.workspaceID
        workspaceName = member.workspaceName
        user = UserView(id: member.userID, email: member.email, name: member.name)
        let isOpen = member.organizationStatus == .active
        status = isOpen ? member.membership.status : member.organizationStatus
        role = member.membership.role
        customRole = member.membership.customRole
        overrides = member.membership.overrides
    }
}

/// What somebody wants to change of a membership; a field that is kept stays as it is.
///
/// Lists replace the whole of what stood there; a custom role that is cleared brings back what the role gives.
package struct MembershipPatch: Sendable, Hashable {
    package var role: String?
    package var customRole: FieldChange<String> = .keep
    package var grant: [String]?
    package var deny: [String]?
    /// `active` or `paused`, in a workspace only.
    package var status: String?

    package init() {}
}

/// Which members a list shows, for edges.
package struct MemberFilter: Sendable, Hashable {
    package var status: MembershipStatus?
    package var role: OrganizationRole?
    package var text: String?
    package var limit = 50
    package var after: MembershipID?

    package init() {}

    var query: MemberQuery { MemberQuery(status: status, role: role, text: text, limit: limit, after: after) }
}
