package import Domain
package import SQLDatabase

/// The settings that organizations narrowed for themselves, as text; Domain knows what they mean.
package enum OrganizationSettingStore {
    /// What one organization has stored, by name.
    package static func all(of organization: OrganizationID, in tx: borrowing Transaction) throws -> [String: String] {
        let rows = try tx.rows(ofOne, [.id(organization)]) { (try $0.text(0), try $0.text(1)) }
        return Dictionary(rows, uniquingKeysWith: { _, last in last })
    }

    /// What all organizations have stored.
    package static func all(in tx: borrowing Transaction) throws -> [OrganizationID: [String: String]] {
        let rows = try tx.rows(ofAll) { row in
            var reader = row.reader
            return (try reader.id(OrganizationID.self), try reader.text(), try reader.text())
        }
        return rows.reduce(into: [:]) { $0[$1.0, default: [:]][$1.1] = $1.2 }
    }

    package static func set(
        _ name: String,
        to value: String,
        of organization: OrganizationID,
        by actor: String?,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            upsert,
            [.id(organization), .text(name), .text(value), .instant(now), .text(actor), .int(1)]
        )
    }

    /// Forgets a value, so that the server's holds; answers whether there was one.
    @discardableResult
    package static func remove(
        _ name: String,
        of organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(remove, [.id(organization), .text(name)]) == 1
    }

    private static let ofOne: Statement = "SELECT name, value FROM organization_setting WHERE organization_id = ?"
    private static let ofAll: Statement = "SELECT organization_id, name, value FROM organization_setting"
    private static let upsert: Statement = """
        INSERT INTO organization_setting (organization_id, name, value, updated_at, updated_by, version)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (organization_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
            updated_by = excluded.updated_by, version = organization_setting.version + 1
        """
    private static let remove: Statement =
        "DELETE FROM organization_setting WHERE organization_id = ? AND name = ?"

    static let statements = [ofOne, ofAll, upsert, remove]
}
