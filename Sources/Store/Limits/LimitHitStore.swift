package import Domain
package import SQLDatabase

/// What minute rollups of use tell of limits that were reached (LIM-5).
package enum LimitHitStore {
    /// The most endpoints that are answered.
    package static let maximumEndpoints = 100

    /// Endpoints at which a limit refused the token, those with most refusals first.
    package static func endpoints(
        of token: CredentialID,
        _ range: Range<Instant>,
        in tx: borrowing Transaction
    ) throws -> [LimitHits] {
        let values: [SQLValue] = [
            .id(token), .instant(range.lowerBound), .instant(range.upperBound), .int(maximumEndpoints),
        ]
        return try tx.rows(endpoints, values) { row in
            var reader = row.reader
            return LimitHits(
                endpoint: try reader.text(),
                calls: Int(try reader.int()),
                refused: Int(try reader.int()),
                lastRefusedAt: try reader.instant()
            )
        }
    }

    /// The token's calls by minute, oldest first.
    package static func minutes(
        of token: CredentialID,
        _ range: Range<Instant>,
        in tx: borrowing Transaction
    ) throws -> [LimitAdvice.Minute] {
        try tx.rows(minutes, [.id(token), .instant(range.lowerBound), .instant(range.upperBound)]) { row in
            var reader = row.reader
            return LimitAdvice.Minute(
                start: try reader.instant(),
                calls: Int(try reader.int()),
                refused: Int(try reader.int())
            )
        }
    }

    private static let endpoints: Statement = """
        SELECT endpoint, CAST(SUM(calls) AS BIGINT),
            CAST(SUM(CASE WHEN outcome IN ('RateLimitExceeded', 'QuotaExhausted') THEN calls ELSE 0 END) AS BIGINT),
            MAX(CASE WHEN outcome IN ('RateLimitExceeded', 'QuotaExhausted') THEN minute ELSE 0 END)
        FROM usage_minute WHERE token_id = ? AND minute >= ? AND minute < ? GROUP BY endpoint
        HAVING SUM(CASE WHEN outcome IN ('RateLimitExceeded', 'QuotaExhausted') THEN calls ELSE 0 END) > 0
        ORDER BY 3 DESC, endpoint LIMIT ?
        """
    private static let minutes: Statement = """
        SELECT minute, CAST(SUM(calls) AS BIGINT),
            CAST(SUM(CASE WHEN outcome IN ('RateLimitExceeded', 'QuotaExhausted') THEN calls ELSE 0 END) AS BIGINT)
        FROM usage_minute WHERE token_id = ? AND minute >= ? AND minute < ? GROUP BY minute ORDER BY minute
        """

    static let statements = [endpoints, minutes]
}
