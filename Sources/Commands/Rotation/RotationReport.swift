package import ClavigerWire

/// How a rotation looks.
package enum RotationReport {
    package static func details(_ rotation: RotationResponse) throws -> Report {
        let rows: [(String, Cell)] = [
            ("id", Cell(rotation.id)), ("agent", Cell(rotation.agentID)), ("credential", Cell(rotation.credentialID)),
            ("mode", Cell(rotation.mode.rawValue)), ("state", state(rotation.state)),
            ("origin", Cell(rotation.origin.rawValue)), ("requested by", Cell(rotation.requestedBy)),
            ("reason", Cell(rotation.reason)), ("attempt", Cell("\(rotation.attempt)")),
            ("failures", Cell(rotation.failures.map { "\($0)" })), ("error", Cell(rotation.error, .bad)),
            ("requested", Cell(rotation.requestedAt)), ("issued", Cell(rotation.issuedAt)),
            ("delivered", Cell(rotation.deliveredAt)), ("stored", Cell(rotation.storedAt)),
            ("promoted", Cell(rotation.promotedAt)), ("ended", Cell(rotation.endedAt)),
            ("deadline", Cell(rotation.deadline)), ("next attempt", Cell(rotation.nextAttemptAt)),
        ]
        return try Report(Table(details: rows), json: rotation)
    }

    package static func receipt(_ answer: RotateTokenResponse) throws -> Report {
        let rows: [(String, Cell)] = [
            ("rotation", Cell(answer.rotationID)), ("state", state(answer.state)),
            ("agent notified", Cell(answer.agentNotified ? "yes" : "no")),
            ("grace", Cell("\(answer.gracePeriodSeconds) s")), ("token expires", Cell(answer.tokenExpiresAt)),
        ]
        return try Report(Table(details: rows), json: answer)
    }

    private static func state(_ state: RotationStateName) -> Cell {
        switch state {
        case .promoted: Cell(state.rawValue, .good)
        case .failed, .expired: Cell(state.rawValue, .bad)
        default: Cell(state.rawValue, .warning)
        }
    }
}
