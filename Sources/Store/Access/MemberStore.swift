package import Domain
package import SQLDatabase

/// Memberships as lists and rules see them: with the person, and always within one organization (ORG-1).
package enum MemberStore {
    /// A member of this organization, removed ones too; another organization's is not there.
    package static func get(
        _ id: MembershipID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Member? {
        try tx.first(get, [.id(id), .id(organization)], member)
    }

    /// What a person is in an organization.
    package static func find(
        _ user: UserID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Member? {
        try tx.first(ofUser, [.id(user), .id(organization)], member)
    }

    package static func find(
        email: EmailAddress,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Member? {
        try tx.first(ofEmail, [.text(email.text), .id(organization)], member)
    }

    /// One page of an organization's members, newest first; removed ones only if they are asked for.
    package static func list(
        organization: OrganizationID,
        query: MemberQuery,
        in tx: borrowing Transaction
    ) throws -> Page<Member> {
        let list = listing(organization: organization, query: query)
        let rows = try tx.rows(list.statement, list.values, member)
        return Page(rows, limit: query.limit) { PageCursor(time: $0.createdAt, id: $0.id.text) }
    }

    /// Everybody who might count as an owner, for the rule of the last one (ORG-10).
    package static func ownerCandidates(
        of organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> [OwnerCandidate] {
        try tx.rows(owners, [.id(organization)], member).map {
            OwnerCandidate(id: $0.id, membership: $0.membership, isSuspended: !$0.isUserActive)
        }
    }

    /// A person's memberships in the workspaces of an organization, oldest workspace first.
    package static func workspaces(
        of user: UserID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> [WorkspaceMember] {
        try tx.rows(workspacesOf, [.id(organization), .id(user)], workspaceMember)
    }

    /// Who belongs to a workspace, by e-mail address; removed ones are left out.
    package static func members(
        of workspace: WorkspaceID,
        in tx: borrowing Transaction
    ) throws -> [WorkspaceMember] {
        try tx.rows(membersOf, [.id(workspace)], workspaceMember)
    }

    /// Everybody who has a custom role, in the organization or in a workspace of it.
    package static func holders(
        of role: CustomRoleID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> [UserID] {
        try tx.rows(holders, [.id(role), .id(organization)]) { row in
            var reader = row.reader
            return try reader.id()
        }
    }

    /// Gives all of a person's memberships in workspaces of an organization that have one status another.
    package static func moveWorkspaces(
        of user: UserID,
        organization: OrganizationID,
        from old: [MembershipStatus],
        to new: MembershipStatus,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        for status in old {
            try tx.execute(moveWorkspaces, [.word(new), .instant(now), .id(organization), .id(user), .word(status)])
        }
    }

    /// Forgets what a person is in the workspaces of an organization, for they left it or are asked anew.
    package static func leaveWorkspaces(
        of user: UserID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(leaveWorkspaces, [.id(organization), .id(user)])
    }

    static func listing(organization: OrganizationID, query: MemberQuery) -> StatementBuilder {
        var list = StatementBuilder(head)
        list.condition("membership.organization_id = ?", [.id(organization)])
        list.condition("membership.workspace_id IS NULL")
        if let status = query.status {
            list.condition("membership.status = ?", [.word(status)])
        } else {
            list.condition("membership.status <> 'removed'")
        }
        if let role = query.role { list.condition("membership.role = ?", [.word(role)]) }
        if let text = query.text {
            let pattern = SQLValue.text(FoldedText.pattern(containing: text))
            list.condition("user_account.email LIKE ? ESCAPE '!'", [pattern])
        }
        if let after = query.after { list.condition("membership.id < ?", [.id(after)]) }
        list.append("ORDER BY membership.id DESC LIMIT ?", [.int(query.limit + 1)])
        return list
    }

    private static func member(_ row: Row) throws -> Member {
        var reader = row.reader
        let id = try reader.id(MembershipID.self)
        let organization = try reader.id(OrganizationID.self)
        let user = try reader.id(UserID.self)
        let email = try reader.text()
        let name = try reader.text()
        let state = try reader.word(UserAccount.State.self)
        let createdAt = try reader.instant()
        let version = try reader.int()
        let membership: Membership<OrganizationRole> = try MembershipStore.membership(&reader)
        try reader.finish()
        return Member(
            id: id,
            organizationID: organization,
            userID: user,
            email: email,
            name: name,
            isUserActive: state == .active,
            membership: membership,
            createdAt: createdAt,
            version: version
        )
    }

    private static func workspaceMember(_ row: Row) throws -> WorkspaceMember {
        var reader = row.reader
        let member = try reader.id(MembershipID.self)
        let workspace = try reader.id(WorkspaceID.self)
        let workspaceName = try reader.text()
        let user = try reader.id(UserID.self)
        let email = try reader.text()
        let name = try reader.text()
        let status = try reader.word(MembershipStatus.self)
        let membership: Membership<WorkspaceRole> = try MembershipStore.membership(&reader)
        try reader.finish()
        return WorkspaceMember(
            memberID: member,
            workspaceID: workspace,
            workspaceName: workspaceName,
            userID: user,
            email: email,
            name: name,
            organizationStatus: status,
            membership: membership
        )
    }

    private static let head = Statement(
        """
        SELECT membership.id, membership.organization_id, membership.user_id, user_account.email, user_account.name,
            user_account.state, membership.created_at, membership.version, \(MembershipStore.wholeColumns)
        FROM membership JOIN user_account ON user_account.id = membership.user_id
            LEFT JOIN custom_role ON custom_role.id = membership.custom_role_id
        """
    )
    private static let ofOrganization = "membership.organization_id = ? AND membership.workspace_id IS NULL"
    private static let get = Statement("\(head.text) WHERE membership.id = ? AND \(ofOrganization)")
    private static let ofUser = Statement("\(head.text) WHERE membership.user_id = ? AND \(ofOrganization)")
    private static let ofEmail = Statement("\(head.text) WHERE user_account.email = ? AND \(ofOrganization)")
    private static let owners = Statement("\(head.text) WHERE \(ofOrganization) AND membership.role = 'owner'")
    private static let inWorkspaces = """
        SELECT belonging.id, membership.workspace_id, workspace.name, membership.user_id, user_account.email,
            user_account.name, belonging.status, \(MembershipStore.wholeColumns)
        FROM membership JOIN workspace ON workspace.id = membership.workspace_id
            JOIN user_account ON user_account.id = membership.user_id
            JOIN membership belonging ON belonging.organization_id = membership.organization_id
                AND belonging.user_id = membership.user_id AND belonging.workspace_id IS NULL
            LEFT JOIN custom_role ON custom_role.id = membership.custom_role_id
        """
    private static let workspacesOf = Statement(
        """
        \(inWorkspaces) WHERE membership.organization_id = ? AND membership.user_id = ?
        ORDER BY workspace.created_at, workspace.id
        """
    )
    private static let membersOf = Statement(
        """
        \(inWorkspaces) WHERE membership.workspace_id = ? AND membership.status <> 'removed'
            AND belonging.status <> 'removed'
        ORDER BY user_account.email
        """
    )
    private static let holders: Statement = """
        SELECT DISTINCT user_id FROM membership
        WHERE custom_role_id = ? AND organization_id = ? AND status <> 'removed' ORDER BY user_id
        """
    private static let moveWorkspaces: Statement = """
        UPDATE membership SET status = ?, updated_at = ?, version = version + 1
        WHERE organization_id = ? AND user_id = ? AND workspace_id IS NOT NULL AND status = ?
        """

    private static let leaveWorkspaces: Statement = """
        DELETE FROM membership WHERE organization_id = ? AND user_id = ? AND workspace_id IS NOT NULL
        """

    static let statements = [
        leaveWorkspaces, get, ofUser, ofEmail, owners, workspacesOf, membersOf, holders, moveWorkspaces,
    ]
}
