package import Domain
package import SQLDatabase

/// Data keys and sealed values, as ciphertext; only Sealing opens them.
package enum SealedStore {
    package static func insert(_ key: WrappedDataKey, createdAt: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(
            insertKey,
            [
                .id(key.id), .text(key.scope.text), .bytes(key.bytes), .text(key.masterKeyID), .instant(createdAt),
            ]
        )
    }

    /// All data keys, oldest first.
    package static func dataKeys(in tx: borrowing Transaction) throws -> [WrappedDataKey] {
        try tx.rows(allKeys, [], dataKey)
    }

    package static func dataKey(_ id: DataKeyID, in tx: borrowing Transaction) throws -> WrappedDataKey? {
        try tx.first(getKey, [.id(id)], dataKey)
    }

    /// Writes a data key wrapped anew if the master key that wrapped it is still the one it was read with; answers
    /// whether it was.
    package static func rewrap(
        _ key: WrappedDataKey,
        expectedMasterKeyID: String,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(
            rewrap,
            [.bytes(key.bytes), .text(key.masterKeyID), .id(key.id), .text(expectedMasterKeyID)]
        ) == 1
    }

    /// Keeps a sealed value at its place, whatever was there before.
    package static func put(
        _ value: SealedValue,
        at place: SealedPlace,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(
            put,
            [
                .text(place.table), .text(place.id), .text(place.field), .int(place.version), .id(value.dataKeyID),
                .bytes(value.bytes), .instant(now),
            ]
        )
    }

    package static func get(_ place: SealedPlace, in tx: borrowing Transaction) throws -> SealedValue? {
        try tx.first(
            get,
            [.text(place.table), .text(place.id), .text(place.field), .int(place.version)]
        ) { row in
            var reader = row.reader
            return SealedValue(dataKeyID: try reader.id(), bytes: try reader.bytes())
        }
    }

    /// Adds a pepper with its sealed secret.
    package static func insert(_ pepper: SealedPepper, now: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(insertPepper, [.int(pepper.id), .instant(now)])
        try put(pepper.value, at: SealedPepper.place(of: pepper.id), now: now, in: tx)
    }

    /// All peppers, newest first, as token hashers want them.
    package static func peppers(in tx: borrowing Transaction) throws -> [SealedPepper] {
        try tx.rows(pepperIDs) { try $0.int(0) }.map { id in
            guard let value = try get(SealedPepper.place(of: id), in: tx) else {
                throw DatabaseError(.corrupt, "The secret of pepper \(id) is missing.")
            }
            return SealedPepper(id: id, value: value)
        }
    }

    private static func dataKey(_ row: Row) throws -> WrappedDataKey {
        var reader = row.reader
        let id = try reader.id(DataKeyID.self)
        guard let scope = DataKeyScope(try reader.text()) else {
            throw DatabaseError(.columnType, "A data key's scope is none.")
        }
        return WrappedDataKey(id: id, scope: scope, masterKeyID: try reader.text(), bytes: try reader.bytes())
    }

    private static let insertKey: Statement =
        "INSERT INTO data_key (id, scope, wrapped, master_key_id, created_at) VALUES (?, ?, ?, ?, ?)"
    private static let allKeys: Statement =
        "SELECT id, scope, master_key_id, wrapped FROM data_key ORDER BY created_at, id"
    private static let getKey: Statement = "SELECT id, scope, master_key_id, wrapped FROM data_key WHERE id = ?"
    private static let rewrap: Statement =
        "UPDATE data_key SET wrapped = ?, master_key_id = ? WHERE id = ? AND master_key_id = ?"
    private static let put: Statement = """
        INSERT INTO sealed_value (owner_table, owner_id, field, version, data_key_id, ciphertext, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (owner_table, owner_id, field) DO UPDATE SET version = excluded.version,
            data_key_id = excluded.data_key_id, ciphertext = excluded.ciphertext, created_at = excluded.created_at
        """
    private static let get: Statement = """
        SELECT data_key_id, ciphertext FROM sealed_value
        WHERE owner_table = ? AND owner_id = ? AND field = ? AND version = ?
        """
    private static let insertPepper: Statement = "INSERT INTO pepper (id, created_at) VALUES (?, ?)"
    private static let pepperIDs: Statement = "SELECT id FROM pepper ORDER BY id DESC"

    static let statements = [
        insertKey, allKeys, getKey, rewrap, put, get, insertPepper, pepperIDs,
    ]
}
