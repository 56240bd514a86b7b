import ClavigerServer
import StrictJSON

/// How the state of the schema is shown.
enum MigrationReport {
    static func report(_ status: MigrationOverview) -> Report {
        let applied = status.applied.map { [Cell($0.name), Cell("applied", .good), Cell($0.appliedAt)] }
        let pending = status.pending.map { [Cell($0), Cell("pending", .warning), Cell(nil)] }
        let objects = status.applied.map { migration in
            JSONValue.object(
                JSONObject([("name", .string(migration.name)), ("applied_at", .string(migration.appliedAt))])
            )
        }
        let json = JSONValue.object(
            JSONObject([
                ("applied", .array(objects)),
                ("pending", .array(status.pending.map { .string($0) })),
            ])
        )
        return Report(Table(["migration", "state", "applied at"], applied + pending), json: json)
    }
}
