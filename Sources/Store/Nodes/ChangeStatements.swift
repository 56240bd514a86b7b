import SQLDatabase

/// The statements on the change log that only PostgreSQL understands; SQLite's stand in ``ChangeLogStore``.
enum ChangeStatements {
    private static let clock = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
    private static let now = """
        SELECT CAST(pg_current_snapshot() AS TEXT) AS snapshot,
            CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS low, \(clock) AS time
        """
    /// The first transaction number that was not given out yet.
    private static let next = "CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)"

    static let time = Statement("SELECT \(clock)")
    static let begin = Statement(
        "SELECT s.snapshot, s.low, s.time, CAST(NULL AS BIGINT), CAST(NULL AS TEXT), CAST(NULL AS TEXT) FROM (\(now)) s"
    )
    static let since = Statement(
        """
        SELECT s.snapshot, s.low, s.time, c.seq, c.kind, c.id FROM (\(now)) s
        LEFT JOIN change_log c ON c.tx >= ?
            AND NOT pg_visible_in_snapshot(CAST(CAST(c.tx AS TEXT) AS xid8), CAST(? AS pg_snapshot))
        ORDER BY c.seq
        """
    )
    static let own: Statement = """
        SELECT seq, kind, id FROM change_log
        WHERE tx = CAST(CAST(pg_current_xact_id_if_assigned() AS TEXT) AS BIGINT) ORDER BY seq
        """
    static let trim: Statement = "DELETE FROM change_log WHERE tx < ?"
    static let foreign = Statement("SELECT tx FROM change_log WHERE tx >= \(next) LIMIT 1")
    static let empty: Statement = "DELETE FROM change_log"

    static let all = [time, begin, since, own, trim, foreign, empty]
}
