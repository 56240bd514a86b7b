package import Domain
package import SQLDatabase

/// The scopes that an organization registered for its own API (TOK-3).
package enum RegisteredScopeStore {
    /// Adds a scope or changes the one of this name.
    package static func put(
        _ scope: RegisteredScope,
        organization: OrganizationID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            put,
            [
                .id(organization), .text(scope.name), .text(scope.description), .int(scope.isSensitive ? 1 : 0),
                .int(scope.isAdminOnly ? 1 : 0), .instant(now), .instant(now),
            ]
        )
    }

    /// Forgets a scope: it counts for nothing from here on; answers whether there was one.
    package static func delete(
        _ name: String,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(delete, [.id(organization), .text(name)]) == 1
    }

    /// The scopes of an organization, by name.
    package static func list(
        of organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> [RegisteredScope] {
        try tx.rows(list, [.id(organization)]) { row in
            var reader = row.reader
            return RegisteredScope(
                name: try reader.text(),
                description: try reader.text(),
                isSensitive: try reader.int() == 1,
                isAdminOnly: try reader.int() == 1
            )
        }
    }

    private static let put: Statement = """
        INSERT INTO registered_scope
            (organization_id, name, description, is_sensitive, is_admin_only, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (organization_id, name) DO UPDATE SET description = excluded.description,
            is_sensitive = excluded.is_sensitive, is_admin_only = excluded.is_admin_only,
            updated_at = excluded.updated_at
        """
    private static let delete: Statement = "DELETE FROM registered_scope WHERE organization_id = ? AND name = ?"
    private static let list: Statement = """
        SELECT name, description, is_sensitive, is_admin_only FROM registered_scope
        WHERE organization_id = ? ORDER BY name
        """

    static let statements = [put, delete, list]
}
