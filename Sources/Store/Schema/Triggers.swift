import SQLDatabase

/// Triggers that refuse to change or remove a row that was written once (AUD-3).
enum AppendOnlyTriggers {
    static let function = Migration.Step.each(
        sqlite: [],
        postgres: [
            """
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$
            """
        ]
    )

    static func steps(table: String) -> [Migration.Step] {
        [
            .each(
                sqlite: ["UPDATE", "DELETE"].map { event in
                    """
                    CREATE TRIGGER \(table)_refuses_\(event.lowercased()) BEFORE \(event) ON \(table)
                    BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
                    """
                },
                postgres: [
                    """
                    CREATE TRIGGER \(table)_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON \(table)
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
                    """
                ]
            )
        ]
    }
}

/// A table of which nodes keep copies in memory, and the columns those copies are made of.
struct CachedTable {
    let table: String
    /// The column that tells which object changed.
    let id: String
    /// What the log calls it.
    let kind: String
    let columns: [String]
}

/// Triggers that append each change of a cached column to the change log (DST-2), so that no code path, host command
/// or migration can forget it.
///
/// Counters, last use and presence are in other columns or tables and leave no entry; neither does an update that
/// writes the value a column had.
enum ChangeLogTriggers {
    static let function = Migration.Step.each(
        sqlite: [],
        postgres: [
            """
            CREATE FUNCTION append_change() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE changed TEXT;
            BEGIN
                IF TG_OP = 'DELETE' THEN changed := to_jsonb(OLD) ->> TG_ARGV[1];
                ELSE changed := to_jsonb(NEW) ->> TG_ARGV[1]; END IF;
                INSERT INTO change_log (tx, kind, id)
                VALUES (pg_current_xact_id()::text::bigint, TG_ARGV[0], changed);
                RETURN NULL;
            END $$
            """
        ]
    )

    /// Has more columns of a table logged than an earlier migration did.
    static func widening(_ cached: CachedTable) -> [Migration.Step] {
        let name = "\(cached.table)_logs_update"
        let drop = Migration.Step.each(
            sqlite: ["DROP TRIGGER \(name)"],
            postgres: ["DROP TRIGGER \(name) ON \(cached.table)"]
        )
        return [drop, update(of: cached)]
    }

    static func steps(for cached: CachedTable) -> [Migration.Step] {
        [
            step("insert", "INSERT", of: cached), update(of: cached), step("delete", "DELETE", row: "OLD", of: cached),
        ]
    }

    private static func update(of cached: CachedTable) -> Migration.Step {
        let changed = cached.columns.map { "OLD.\($0) IS DISTINCT FROM NEW.\($0)" }.joined(separator: " OR ")
        return step(
            "update",
            "UPDATE OF \(cached.columns.joined(separator: ", "))",
            condition: "WHEN (\(changed))",
            of: cached
        )
    }

    private static func step(
        _ name: String,
        _ event: String,
        condition: String = "",
        row: String = "NEW",
        of cached: CachedTable
    ) -> Migration.Step {
        .each(
            sqlite: [
                """
                CREATE TRIGGER \(cached.table)_logs_\(name) AFTER \(event) ON \(cached.table) \(condition)
                BEGIN INSERT INTO change_log (tx, kind, id) VALUES (0, '\(cached.kind)', \(row).\(cached.id)); END
                """
            ],
            postgres: [
                """
                CREATE TRIGGER \(cached.table)_logs_\(name) AFTER \(event) ON \(cached.table) FOR EACH ROW
                \(condition) EXECUTE FUNCTION append_change('\(cached.kind)', '\(cached.id)')
                """
            ]
        )
    }
}
