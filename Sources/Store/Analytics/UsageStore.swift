package import Domain
package import SQLDatabase

/// Minute rollups of use, last use and address history of tokens (ANA-2); written in batches, by any node, in any order.
package enum UsageStore {
    /// Adds a cell to what is known of its minute.
    package static func add(
        _ key: UsageKey,
        _ cell: UsageCell,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws {
        let name: [SQLValue] = [.id(key.token), .instant(key.minute), .text(key.endpoint), .text(key.outcome)]
        let stored = try tx.first(take, name + [.int(0), .bytes([]), .id(organization)]) { row in
            var reader = row.reader
            return (calls: Int(try reader.int()), latency: try reader.bytes())
        }
        guard let stored else { return }
        guard let latency = LatencyHistogram(String(decoding: stored.latency, as: UTF8.self)) else {
            throw DatabaseError(.columnType, "A column does not hold a histogram.")
        }
        var sum = UsageCell(count: stored.calls, latency: latency)
        sum.merge(cell)
        try tx.execute(put, [.int(sum.count), .bytes(Array(sum.latency.text.utf8))] + name)
    }

    /// Adds an address book to a token's history, of which the latest are kept.
    package static func add(_ book: AddressBook, of token: CredentialID, in tx: borrowing Transaction) throws {
        for (address, sighting) in book.trimmed().latest {
            try tx.execute(
                see,
                [
                    .id(token), .text(address.description), .instant(sighting.first), .instant(sighting.last),
                    .int(sighting.count),
                ]
            )
        }
        try tx.execute(trim, [.id(token), .id(token), .int(AddressBook.kept)])
    }

    /// The cells of a token whose minutes begin in this range, oldest first.
    package static func cells(
        of token: CredentialID,
        _ range: Range<Instant>,
        in tx: borrowing Transaction
    ) throws -> [(key: UsageKey, cell: UsageCell)] {
        try tx.rows(cells, [.id(token), .instant(range.lowerBound), .instant(range.upperBound)]) { row in
            var reader = row.reader
            let minute = try reader.instant()
            let key = UsageKey(token: token, endpoint: try reader.text(), outcome: try reader.text(), at: minute)
            let count = Int(try reader.int())
            let latency = LatencyHistogram(String(decoding: try reader.bytes(), as: UTF8.self))
            return (key: key, cell: UsageCell(count: count, latency: latency ?? LatencyHistogram()))
        }
    }

    private static let take: Statement = """
        INSERT INTO usage_minute (token_id, minute, endpoint, outcome, calls, latency, organization_id)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (token_id, minute, endpoint, outcome) DO UPDATE SET calls = usage_minute.calls
        RETURNING calls, latency
        """
    private static let put: Statement = """
        UPDATE usage_minute SET calls = ?, latency = ?
        WHERE token_id = ? AND minute = ? AND endpoint = ? AND outcome = ?
        """
    private static let see: Statement = """
        INSERT INTO token_address (token_id, address, first_seen_at, last_seen_at, uses) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (token_id, address) DO UPDATE SET
            first_seen_at = CASE WHEN token_address.first_seen_at < excluded.first_seen_at
                THEN token_address.first_seen_at ELSE excluded.first_seen_at END,
            last_seen_at = CASE WHEN token_address.last_seen_at > excluded.last_seen_at
                THEN token_address.last_seen_at ELSE excluded.last_seen_at END,
            uses = token_address.uses + excluded.uses
        """
    private static let trim: Statement = """
        DELETE FROM token_address WHERE token_id = ? AND address NOT IN (
            SELECT address FROM token_address WHERE token_id = ? ORDER BY last_seen_at DESC, address LIMIT ?
        )
        """
    private static let cells: Statement = """
        SELECT minute, endpoint, outcome, calls, latency FROM usage_minute
        WHERE token_id = ? AND minute >= ? AND minute < ? ORDER BY minute, endpoint, outcome
        """

    static let statements = [take, put, see, trim, cells]
}
