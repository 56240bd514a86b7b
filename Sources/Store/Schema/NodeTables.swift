import SQLDatabase

/// Migration 0002: several nodes on one database.
///
/// A node is one run of the server. A presence tells on which node an agent's channel is, and which of the agent's
/// channels it is: channels are numbered, so that an older one can't speak for a newer one.
enum NodeTables {
    static let steps: [Migration.Step] =
        [
            .both("DROP TABLE node"),
            .both(
                """
                CREATE TABLE node (
                    id {text} NOT NULL PRIMARY KEY,
                    name {text} NOT NULL,
                    program_version {text} NOT NULL,
                    started_at {int} NOT NULL,
                    seen_at {int} NOT NULL,
                    change_low {int} NOT NULL
                ) {strict}
                """
            ),
            .both("ALTER TABLE agent_presence ADD COLUMN node_id {text}"),
            .both("ALTER TABLE agent_presence ADD COLUMN channel {int}"),
            .both("ALTER TABLE agent_presence ADD COLUMN peer {text}"),
            .both("ALTER TABLE agent_presence ADD COLUMN contention {text}"),
            // A poll of PostgreSQL's log reads by transaction; SQLite's reads by sequence.
            .each(sqlite: [], postgres: ["CREATE INDEX change_log_by_tx ON change_log (tx, seq)"]),
        ] + ChangeLogTriggers.steps(for: channels)

    /// A newer channel has to reach the node that holds the older one; coming, going and last use are no entries.
    private static let channels = CachedTable(
        table: "agent_presence",
        id: "agent_id",
        kind: "channel",
        columns: ["channel"]
    )
}
