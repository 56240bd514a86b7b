package import Domain
package import SQLDatabase

/// Roles that organizations made themselves.
package enum CustomRoleStore {
    /// Adds a role unless the organization has another of this name; answers whether it was added.
    package static func insert(_ role: CustomRole, now: Instant, in tx: borrowing Transaction) throws -> Bool {
        let values: [SQLValue] = [
            .id(role.id), .id(role.organizationID), .text(role.name), .text(role.description),
            .permissions(role.permissions), .instant(now), .instant(now), .int(role.version),
        ]
        return try tx.first(insert, values) != nil
    }

    package static func get(_ id: CustomRoleID, in tx: borrowing Transaction) throws -> CustomRole? {
        try tx.first(get, [.id(id)], role)
    }

    /// A role of this organization; another's is not there.
    package static func get(
        _ id: CustomRoleID,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> CustomRole? {
        try tx.first(getOwn, [.id(id), .id(organization)], role)
    }

    /// The roles of an organization, by name.
    package static func list(of organization: OrganizationID, in tx: borrowing Transaction) throws -> [CustomRole] {
        try tx.rows(list, [.id(organization)], role)
    }

    /// Whether another role of the organization has this name.
    package static func isNameTaken(
        _ name: String,
        organization: OrganizationID,
        except id: CustomRoleID?,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(nameTaken, [.id(organization), .text(name), .text(id?.text ?? "")]) != nil
    }

    /// Writes a changed role if it still has the version it was read with; answers whether it did.
    package static func update(
        _ role: CustomRole,
        expectedVersion: Int64,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(
            update,
            [
                .text(role.name), .text(role.description), .permissions(role.permissions), .instant(now),
                .int(role.version), .id(role.id), .int(expectedVersion),
            ]
        ) == 1
    }

    /// Whether a membership or a service account has the role.
    package static func isUsed(_ id: CustomRoleID, in tx: borrowing Transaction) throws -> Bool {
        if try tx.first(usedByMembership, [.id(id)]) != nil { return true }
        return try tx.first(usedByAccount, [.id(id)]) != nil
    }

    /// The service accounts that have the role and aren't deleted.
    package static func accounts(with id: CustomRoleID, in tx: borrowing Transaction) throws -> [ServiceAccountID] {
        try tx.rows(accounts, [.id(id)]) { row in
            var reader = row.reader
            return try reader.id()
        }
    }

    /// Deletes a role that nobody has; answers whether there was one.
    package static func delete(_ id: CustomRoleID, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute(delete, [.id(id)]) == 1
    }

    static let columns: ColumnList = ["id", "organization_id", "name", "description", "permissions", "version"]

    /// Reads ``columns``, in this order.
    static func role(_ row: Row) throws -> CustomRole {
        var reader = row.reader
        guard let role = try optionalRole(&reader) else { throw DatabaseError(.columnType, "A role has no id.") }
        try reader.finish()
        return role
    }

    /// The same from an outer join, where all may be absent.
    static func optionalRole(_ reader: inout RowReader) throws -> CustomRole? {
        let id = try reader.optionalID(CustomRoleID.self)
        let organization = try reader.optionalID(OrganizationID.self)
        let name = try reader.optionalText()
        let description = try reader.optionalText()
        let permissions = try reader.optionalPermissions()
        let version = try reader.optionalInt()
        guard let id, let organization, let name, let description, let version else { return nil }
        return CustomRole(
            id: id,
            organizationID: organization,
            name: name,
            description: description,
            permissions: permissions,
            version: version
        )
    }

    private static let insert: Statement = """
        INSERT INTO custom_role
            (id, organization_id, name, description, permissions, created_at, updated_at, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
        """
    private static let get = Statement("SELECT \(columns.list) FROM custom_role WHERE id = ?")
    private static let getOwn = Statement(
        "SELECT \(columns.list) FROM custom_role WHERE id = ? AND organization_id = ?"
    )
    private static let list = Statement(
        "SELECT \(columns.list) FROM custom_role WHERE organization_id = ? ORDER BY name"
    )
    private static let nameTaken: Statement =
        "SELECT id FROM custom_role WHERE organization_id = ? AND name = ? AND id <> ?"
    private static let update: Statement = """
        UPDATE custom_role SET name = ?, description = ?, permissions = ?, updated_at = ?, version = ?
        WHERE id = ? AND version = ?
        """
    private static let usedByMembership: Statement = "SELECT id FROM membership WHERE custom_role_id = ? LIMIT 1"
    private static let usedByAccount: Statement =
        "SELECT id FROM service_account WHERE custom_role_id = ? AND state <> 'deleted' LIMIT 1"
    private static let accounts: Statement =
        "SELECT id FROM service_account WHERE custom_role_id = ? AND state <> 'deleted' ORDER BY id"
    private static let delete: Statement = "DELETE FROM custom_role WHERE id = ?"

    static let statements = [
        insert, get, getOwn, list, nameTaken, update, usedByMembership, usedByAccount, accounts, delete,
    ]
}

extension SQLValue {
    /// Permissions as a list of their names.
    static func permissions(_ set: PermissionSet) -> SQLValue { .json(set.permissions.map(\.rawValue)) }
}

extension RowReader {
    /// Permissions by name; one that this program doesn't know is left out, and so gives nothing.
    mutating func optionalPermissions() throws -> PermissionSet {
        PermissionSet((try optionalJSONTexts() ?? []).compactMap(Permission.init(rawValue:)))
    }
}
