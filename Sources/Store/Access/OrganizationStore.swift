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

    static let statements = [
        insertOrganization, insertWorkspace, getOrganization, getWorkspace, allOrganizations, workspacesOf, lock,
    ]
}
