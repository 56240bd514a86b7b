package import Domain
package import SQLDatabase
import StrictJSON

/// What organizations demand of their credentials.
package enum PolicyStore {
    /// The organization's policy; one that demands nothing if it has none.
    package static func get(
        of organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> (policy: OrganizationPolicy, version: Int64) {
        let found = try tx.first(get, [.id(organization)]) { row in
            var reader = row.reader
            return (try OrganizationPolicy(stored: try reader.text()), try reader.int())
        }
        return found ?? (.none, 0)
    }

    /// Writes the policy if it still has the version it was read with, which is 0 if there was none.
    package static func put(
        _ policy: OrganizationPolicy,
        of organization: OrganizationID,
        expectedVersion: Int64,
        by user: String?,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let values: [SQLValue] = [.text(policy.stored), .instant(now), .text(user)]
        if expectedVersion == 0 {
            return try tx.first(insert, [.id(organization)] + values) != nil
        }
        return try tx.execute(update, values + [.id(organization), .int(expectedVersion)]) == 1
    }

    private static let get: Statement = "SELECT policy, version FROM organization_policy WHERE organization_id = ?"
    private static let insert: Statement = """
        INSERT INTO organization_policy (organization_id, policy, updated_at, updated_by, version)
        VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING RETURNING version
        """
    private static let update: Statement = """
        UPDATE organization_policy SET policy = ?, updated_at = ?, updated_by = ?, version = version + 1
        WHERE organization_id = ? AND version = ?
        """

    static let statements = [get, insert, update]
}
