import ClavigerWire

/// How machine identities look.
enum IdentityReport {
    static func list(_ identities: [IdentityResponse]) throws -> Report {
        let rows = identities.map { identity in
            [
                Cell(identity.agent?.slug ?? identity.name), Cell(identity.kind), status(identity),
                Cell(identity.serviceAccount.map { $0.customRole?.name ?? $0.role }),
                Cell(identity.serviceAccount.map { "\($0.tokens)" }), Cell(identity.id, .faint),
            ]
        }
        return try Report(Table(["name", "kind", "status", "role", "tokens", "id"], rows), list: identities)
    }

    static func one(_ identity: IdentityResponse) throws -> Report {
        var rows: [(String, Cell)] = [
            ("id", Cell(identity.id)), ("kind", Cell(identity.kind)), ("name", Cell(identity.name)),
            ("status", status(identity)),
        ]
        if let account = identity.serviceAccount {
            rows += [
                ("role", Cell(account.customRole?.name ?? account.role)), ("created", Cell(account.createdAt)),
                ("created by", Cell(account.createdBy.name ?? account.createdBy.id)),
            ]
        }
        if let agent = identity.agent {
            rows += [
                ("slug", Cell(agent.slug)), ("connection", Cell(agent.connection.rawValue)),
                ("token expires", Cell(agent.token?.expiresAt)), ("last seen", Cell(agent.lastSeenAt)),
                ("install token until", Cell(agent.installTokenExpiresAt)), ("created", Cell(agent.createdAt)),
            ]
        }
        for token in identity.tokens ?? [] {
            rows += [
                ("token", Cell("\(token.name) (\(token.id)), \(token.status)")),
                ("  scopes", Cell(token.scopes.joined(separator: ", "))),
                ("  expires", Cell(token.expiresAt ?? "never")), ("  last used", Cell(token.lastUsedAt)),
            ]
        }
        rows += (identity.events ?? []).map { event in
            let actor = event.actor.name ?? event.actor.id ?? event.actor.kind
            return ("event", Cell("\(event.time) \(event.action) \(event.outcome), \(actor)"))
        }
        return try Report(Table(details: rows), json: identity)
    }

    /// What was done, or would be; a secret alone goes to standard output, or all of it as JSON.
    static func show(_ answer: IdentityChangeResponse, _ console: Console, _ output: OutputFormat) throws {
        guard output == .table else { return console.show(try Report(Table([], []), json: answer), as: .json) }
        if answer.dryRun {
            console.note("Dry run: nothing was written. With --confirm this would be done:")
            for step in answer.plan { console.output(step) }
            return
        }
        for step in answer.plan { console.note(step) }
        if let identity = answer.identity { console.note("It is \(identity.id).") }
        guard let secret = answer.secret else { return }
        console.note("This is its token, until \(answer.secretExpiresAt ?? "it is revoked"); it is not shown again:")
        console.output(secret)
    }

    private static func status(_ identity: IdentityResponse) -> Cell {
        if let agent = identity.agent { return AgentReport.status(agent) }
        let status = identity.serviceAccount?.status ?? "-"
        return Cell(status, status == "active" ? .good : .warning)
    }
}
