package import Domain
package import SQLDatabase

/// Who belongs to which organization and workspace, as what.
package enum MembershipStore {
    /// Adds a membership of an organization unless there is one; answers whether it was added.
    package static func insert(
        _ membership: Membership<OrganizationRole>,
        id: MembershipID,
        user: UserID,
        organization: OrganizationID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let place: [SQLValue] = [.id(id), .id(organization), .null, .id(user)]
        return try tx.first(insert, place + values(of: membership) + [.instant(now), .instant(now), .int(1)]) != nil
    }

    /// Adds a membership of a workspace unless there is one; answers whether it was added.
    package static func insert(
        _ membership: Membership<WorkspaceRole>,
        id: MembershipID,
        user: UserID,
        organization: OrganizationID,
        workspace: WorkspaceID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let place: [SQLValue] = [.id(id), .id(organization), .id(workspace), .id(user)]
        return try tx.first(insert, place + values(of: membership) + [.instant(now), .instant(now), .int(1)]) != nil
    }

    /// What a person is in an organization and one of its workspaces.
    package static func memberships(
        of user: UserID,
        organization: OrganizationID,
        workspace: WorkspaceID,
        in tx: borrowing Transaction
    ) throws -> Memberships {
        Memberships(
            organization: try tx.first(ofOrganization, [.id(organization), .id(user)], membership),
            workspace: try tx.first(ofWorkspace, [.id(workspace), .id(user)], membership)
        )
    }

    /// What a person is in an organization alone.
    package static func membership(
        of user: UserID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Membership<OrganizationRole>? {
        try tx.first(ofOrganization, [.id(organization), .id(user)], membership)
    }

    /// The organizations a person belongs to, whatever the status, oldest membership first.
    package static func organizations(
        of user: UserID,
        in tx: borrowing Transaction
    ) throws -> [(organization: OrganizationID, membership: Membership<OrganizationRole>)] {
        try tx.rows(organizationsOf, [.id(user)]) { row in
            var reader = row.reader
            return (try reader.id(), Membership(role: try reader.word(), status: try reader.word()))
        }
    }

    /// How many active owners, whose account is active too, an organization has.
    package static func activeOwners(of organization: OrganizationID, in tx: borrowing Transaction) throws -> Int64 {
        try tx.first(activeOwners, [.id(organization)]) { try $0.int(0) } ?? 0
    }

    /// Whether any organization ever had an owner: while none has, the server may be set up (ORG-2).
    package static func hasOwner(in tx: borrowing Transaction) throws -> Bool {
        try tx.first(anyOwner) != nil
    }

    /// The active owners of an organization, oldest first.
    package static func owners(of organization: OrganizationID, in tx: borrowing Transaction) throws -> [UserID] {
        try tx.rows(owners, [.id(organization)]) { row in
            var reader = row.reader
            return try reader.id()
        }
    }

    /// All owners of an organization, whatever their status, oldest first.
    package static func allOwners(of organization: OrganizationID, in tx: borrowing Transaction) throws -> [UserID] {
        try tx.rows(allOwners, [.id(organization)]) { row in
            var reader = row.reader
            return try reader.id()
        }
    }

    /// Changes what somebody is in an organization; answers whether there was a membership.
    package static func change(
        to membership: Membership<OrganizationRole>,
        user: UserID,
        organization: OrganizationID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let keys: [SQLValue] = [.instant(now), .id(organization), .id(user)]
        return try tx.execute(change, values(of: membership) + keys) == 1
    }

    /// Changes what somebody is in a workspace; answers whether there was a membership.
    package static func change(
        to membership: Membership<WorkspaceRole>,
        user: UserID,
        workspace: WorkspaceID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let keys: [SQLValue] = [.instant(now), .id(workspace), .id(user)]
        return try tx.execute(changeInWorkspace, values(of: membership) + keys) == 1
    }

    private static func values(
        of membership: Membership<some RawRepresentable<String> & MembershipRole>
    ) -> [SQLValue] {
        [
            .word(membership.role), .word(membership.status), .id(membership.customRole?.id),
            .permissions(membership.overrides.granted), .permissions(membership.overrides.denied),
        ]
    }

    private static func membership<Role: RawRepresentable<String> & MembershipRole>(
        _ row: Row
    ) throws -> Membership<Role> {
        var reader = row.reader
        let membership: Membership<Role> = try membership(&reader)
        try reader.finish()
        return membership
    }

    /// Reads ``wholeColumns``, in this order.
    static func membership<Role: RawRepresentable<String> & MembershipRole>(
        _ reader: inout RowReader
    ) throws -> Membership<Role> {
        let role = try reader.word(Role.self)
        let status = try reader.word(MembershipStatus.self)
        let overrides = PermissionOverrides(
            granted: try reader.optionalPermissions(),
            denied: try reader.optionalPermissions()
        )
        let customRole = try CustomRoleStore.optionalRole(&reader)
        return Membership(role: role, status: status, customRole: customRole, overrides: overrides)
    }

    private static let insert: Statement = """
        INSERT INTO membership
            (id, organization_id, workspace_id, user_id, role, status, custom_role_id, granted, denied, created_at,
            updated_at, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
        """
    static let wholeColumns = """
        membership.role, membership.status, membership.granted, membership.denied,
            \(CustomRoleStore.columns.list(of: "custom_role"))
        """
    private static let whole = """
        SELECT \(wholeColumns)
        FROM membership LEFT JOIN custom_role ON custom_role.id = membership.custom_role_id
        """
    private static let ofOrganization = Statement(
        """
        \(whole)
        WHERE membership.organization_id = ? AND membership.user_id = ? AND membership.workspace_id IS NULL
        """
    )
    private static let ofWorkspace = Statement(
        "\(whole) WHERE membership.workspace_id = ? AND membership.user_id = ?"
    )
    private static let organizationsOf: Statement = """
        SELECT organization_id, role, status FROM membership WHERE user_id = ? AND workspace_id IS NULL
        ORDER BY created_at, id
        """
    private static let activeOwners: Statement = """
        SELECT COUNT(*) FROM membership JOIN user_account ON user_account.id = membership.user_id
        WHERE membership.organization_id = ? AND membership.workspace_id IS NULL AND membership.role = 'owner'
            AND membership.status = 'active' AND user_account.state = 'active'
        """
    private static let anyOwner: Statement =
        "SELECT 1 FROM membership WHERE role = 'owner' AND workspace_id IS NULL LIMIT 1"
    private static let owners: Statement = """
        SELECT user_id FROM membership
        WHERE organization_id = ? AND workspace_id IS NULL AND role = 'owner' AND status = 'active'
        ORDER BY created_at, id
        """
    private static let allOwners: Statement = """
        SELECT user_id FROM membership
        WHERE organization_id = ? AND workspace_id IS NULL AND role = 'owner'
        ORDER BY created_at, id
        """
    private static let assignments = """
        UPDATE membership SET role = ?, status = ?, custom_role_id = ?, granted = ?, denied = ?, updated_at = ?,
            version = version + 1
        """
    private static let change = Statement(
        "\(assignments) WHERE organization_id = ? AND user_id = ? AND workspace_id IS NULL"
    )
    private static let changeInWorkspace = Statement("\(assignments) WHERE workspace_id = ? AND user_id = ?")

    static let statements = [
        insert, ofOrganization, ofWorkspace, organizationsOf, activeOwners, anyOwner, owners, allOwners, change,
        changeInWorkspace,
    ]
}
