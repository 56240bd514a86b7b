package import ClavigerWire
import StrictJSON

/// How agents look.
package enum AgentReport {
    /// The list.
    package static func list(_ agents: [AgentResponse]) throws -> Report {
        let rows = agents.map { agent in
            [
                Cell(agent.slug), Cell(agent.name), status(agent), connection(agent), Cell(agent.environment),
                Cell(agent.token.map { "\($0.generation)" }), Cell(agent.token?.expiresAt), Cell(agent.id, .faint),
            ]
        }
        let headings = ["slug", "name", "status", "connection", "environment", "generation", "token expires", "id"]
        return try Report(Table(headings, rows), list: agents)
    }

    /// The details of one.
    package static func details(_ agent: AgentResponse) throws -> Report {
        var rows: [(String, Cell)] = [
            ("id", Cell(agent.id)), ("name", Cell(agent.name)), ("slug", Cell(agent.slug)),
            ("status", status(agent)), ("connection", connection(agent)),
            ("needs reset", Cell(agent.needsReset ? "yes" : "no")),
            ("description", Cell(agent.description)), ("persona", Cell(agent.persona)),
            ("environment", Cell(agent.environment)), ("region", Cell(agent.region)),
            ("trigger modes", Cell(agent.triggerModes.map(\.rawValue).joined(separator: ", "))),
            ("labels", Cell(labels(agent.labels))),
            ("allowed models", Cell(agent.allowedModels.joined(separator: ", "))),
            ("created", Cell(agent.createdAt)), ("updated", Cell(agent.updatedAt)),
            ("enrolled", Cell(agent.enrolledAt)),
            ("last seen", Cell(agent.lastSeenAt)), ("rotation", Cell(agent.rotationID)),
        ]
        if let token = agent.token {
            rows += [
                ("token", Cell(token.prefix + "…")), ("generation", Cell("\(token.generation)")),
                ("token issued", Cell(token.issuedAt)), ("token expires", Cell(token.expiresAt)),
                ("previous until", Cell(token.previousValidUntil)), ("credential", Cell(token.credentialID)),
            ]
        }
        if let expiry = agent.installTokenExpiresAt { rows.append(("install token until", Cell(expiry))) }
        rows += stated(agent)
        return try Report(Table(details: rows), json: agent)
    }

    /// What the agent says of itself, marked as such (AGT-7).
    private static func stated(_ agent: AgentResponse) -> [(String, Cell)] {
        guard let statement = agent.statement else { return [] }
        let values = [
            ("host", statement.hostname), ("os", statement.os), ("arch", statement.arch),
            ("version", statement.version),
            ("cloud", statement.cloud), ("region", statement.region), ("instance", statement.instanceID),
        ]
        return values.compactMap { name, value in value.map { ("states \(name)", Cell($0)) } }
    }

    static func status(_ agent: AgentResponse) -> Cell {
        guard !agent.needsReset else { return Cell("\(agent.status.rawValue), needs reset", .bad) }
        return switch agent.status {
        case .active: Cell("active", .good)
        case .pending: Cell("pending", .warning)
        case .paused: Cell("paused", .warning)
        case .revoked: Cell("revoked", .bad)
        }
    }

    static func connection(_ agent: AgentResponse) -> Cell {
        agent.connection == .connected ? Cell("connected", .good) : Cell("disconnected", .faint)
    }

    static func labels(_ labels: [String: String]) -> String {
        labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}

extension AgentReport {
    /// What a change of state answers.
    package static func state(_ state: AgentStateResponse) throws -> Report {
        let table = Table(details: [
            ("status", Cell(state.status.rawValue)), ("connection", Cell(state.connection.rawValue)),
        ])
        return try Report(table, json: state)
    }
}
