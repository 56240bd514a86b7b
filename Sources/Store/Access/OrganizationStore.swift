package import Domain
package import SQLDatabase

/// Organizations and their workspaces.
package enum OrganizationStore {
    package static func insert(_ organization: Organization, in tx: borrowing Transaction) throws {
        try tx.execute(
            insertOrganization,
            [
                .id(organization.id), .text(organization.name), .instant(organization.createdAt),
                .int(organization.version),
            ]
        )
    }

    package static func insert(_ workspace: Workspace, in tx: borrowing Transaction) throws {
        try tx.execute(
            insertWorkspace,
            [
                .id(workspace.id), .id(workspace.organizationID), .text(workspace.name),
                .instant(workspace.createdAt), .int(workspace.version),
            ]
        )
    }

    package static func get(_ id: OrganizationID, in tx: borrowing Transaction) throws -> Organization? {
        try tx.first(getOrganization, [.id(id)], organization)
    }

    package static func get(_ id: WorkspaceID, in tx: borrowing Transaction) throws -> Workspace? {
        try tx.first(getWorkspace, [.id(id)], workspace)
    }

    /// A workspace of this organization; another's is not there.
    package static func get(
        _ id: WorkspaceID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Workspace? {
        try tx.first(getOwnWorkspace, [.id(id), .id(organization)], workspace)
    }

    /// Renames; answers whether there is such an organization.
    package static func rename(
        _ id: OrganizationID,
        to name: String,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(renameOrganization, [.text(name), .id(id)]) == 1
    }

    package static func rename(_ id: WorkspaceID, to name: String, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute(renameWorkspace, [.text(name), .id(id)]) == 1
    }

    /// The plan of an organization; absent if none was assigned.
    package static func plan(of id: OrganizationID, in tx: borrowing Transaction) throws -> PlanID? {
        try tx.first(planOf, [.id(id)]) { row in
            var reader = row.reader
            return try reader.optionalID(PlanID.self)
        } ?? nil
    }

    package static func setPlan(
        _ plan: PlanID?,
        of id: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(setPlan, [.id(plan), .id(id)]) == 1
    }

    /// All organizations, oldest first.
    package static func all(in tx: borrowing Transaction) throws -> [Organization] {
        try tx.rows(allOrganizations, [], organization)
    }

    /// An organization's workspaces, oldest first.
    package static func workspaces(
        of organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> [Workspace] {
        try tx.rows(workspacesOf, [.id(organization)], workspace)
    }

    /// Takes the organization's row for the rest of the transaction, before a rule over several of its rows is checked
    /// (the last owner); answers its new version, or nothing if it does not exist.
    package static func lock(_ id: OrganizationID, in tx: borrowing Transaction) throws -> Int64? {
        try tx.first(lock, [.id(id)]) { try $0.int(0) }
    }

    private static func organization(_ row: Row) throws -> Organization {
        var reader = row.reader
        return Organization(
            id: try reader.id(),
            name: try reader.text(),
            createdAt: try reader.instant(),
            version: try reader.int()
        )
    }

    private static func workspace(_ row: Row) throws -> Workspace {
        var reader = row.reader
        return Workspace(
            id: try reader.id(),
            organizationID: try reader.id(),
            name: try reader.text(),
            createdAt: try reader.instant(),
            version: try reader.int()
        )
    }

    private static let insertOrganization: Statement =
        "INSERT INTO organization (id, name, created_at, version) VALUES (?, ?, ?, ?)"
    private static let insertWorkspace: Statement =
        "INSERT INTO workspace (id, organization_id, name, created_at, version) VALUES (?, ?, ?, ?, ?)"
    private static let getOrganization: Statement =
        "SELECT id, name, created_at, version FROM organization WHERE id = ?"
    private static let getWorkspace: Statement =
        "SELECT id, organization_id, name, created_at, version FROM workspace WHERE id = ?"
    private static let allOrganizations: Statement =
        "SELECT id, name, created_at, version FROM organization ORDER BY created_at, id"
    private static let workspacesOf: Statement = """
        SELECT id, organization_id, name, created_at, version FROM workspace WHERE organization_id = ?
        ORDER BY created_at, id
        """
    private static let lock: Statement =
        "UPDATE organization SET version = version + 1 WHERE id = ? RETURNING version"

    private static let getOwnWorkspace: Statement = """
        SELECT id, organization_id, name, created_at, version FROM workspace WHERE id = ? AND organization_id = ?
        """
    private static let renameOrganization: Statement =
        "UPDATE organization SET name = ?, version = version + 1 WHERE id = ?"
    private static let renameWorkspace: Statement =
        "UPDATE workspace SET name = ?, version = version + 1 WHERE id = ?"
    private static let planOf: Statement = "SELECT plan_id FROM organization WHERE id = ?"
    private static let setPlan: Statement =
        "UPDATE organization SET plan_id = ?, version = version + 1 WHERE id = ?"

    static let statements = [
        getOwnWorkspace, renameOrganization, renameWorkspace, planOf, setPlan, insertOrganization, insertWorkspace,
        getOrganization, getWorkspace, allOrganizations, workspacesOf, lock,
    ]
}
