package import ClavigerWire

/// How the audit history looks.
package enum AuditReport {
    package static func list(_ page: Page<AuditEventResponse>) throws -> Report {
        let rows = page.data.map { event in
            [
                Cell(event.time), actor(event.actor), Cell(event.action), target(event.target), outcome(event.outcome),
                Cell(event.surface), Cell(event.address), Cell(event.reason),
            ]
        }
        let headings = ["time", "actor", "action", "target", "outcome", "surface", "address", "reason"]
        return try Report(Table(headings, rows), json: page)
    }

    private static func actor(_ actor: AuditActorResponse) -> Cell {
        Cell(actor.name ?? actor.id ?? actor.kind)
    }

    private static func target(_ target: AuditTargetResponse?) -> Cell {
        Cell(target.map { $0.name ?? $0.id ?? $0.kind })
    }

    private static func outcome(_ outcome: String) -> Cell {
        Cell(outcome, outcome == "success" ? .good : .bad)
    }
}
