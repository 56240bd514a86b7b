package import Domain
package import SQLDatabase

/// The settings that live in the database, as text; Domain knows what they mean.
package enum SettingStore {
    /// All that is stored, by name.
    package static func all(in tx: borrowing Transaction) throws -> [String: String] {
        let rows = try tx.rows(all) { (try $0.text(0), try $0.text(1)) }
        return Dictionary(rows, uniquingKeysWith: { _, last in last })
    }

    package static func set(
        _ name: String,
        to value: String,
        by actor: String?,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(upsert, [.text(name), .text(value), .instant(now), .text(actor), .int(1)])
    }

    /// Forgets a value, so that the default holds; answers whether there was one.
    package static func remove(_ name: String, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute(remove, [.text(name)]) == 1
    }

    private static let all: Statement = "SELECT name, value FROM setting"
    private static let upsert: Statement = """
        INSERT INTO setting (name, value, updated_at, updated_by, version) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
            updated_by = excluded.updated_by, version = setting.version + 1
        """
    private static let remove: Statement = "DELETE FROM setting WHERE name = ?"

    static let statements = [all, upsert, remove]
}
