package import ClavigerWire
import StrictJSON

/// How tokens look.
package enum TokenReport {
    /// The list.
    package static func list(_ tokens: [TokenResponse]) throws -> Report {
        let rows = tokens.map { token in
            [
                Cell(token.name), Cell(token.owner.name ?? token.owner.id), Cell(token.kind), status(token),
                Cell(token.expiresAt), Cell(token.lastUsedAt), Cell(token.scopes.joined(separator: ", ")),
                Cell(token.id, .faint),
            ]
        }
        let headings = ["name", "owner", "kind", "status", "expires", "last used", "scopes", "id"]
        return try Report(Table(headings, rows), list: tokens)
    }

    /// One, after a change.
    package static func one(_ token: TokenResponse) throws -> Report {
        try Report(Table(details: rows(token)), json: token)
    }

    /// Everything about one.
    package static func details(_ details: TokenDetailsResponse) throws -> Report {
        var rows = rows(details.token)
        for scope in details.effectiveScopes {
            let withheld =
                scope.beyondOwner.map { "\($0) beyond the owner" }
                + scope.deniedByPolicy.map { "\($0) denied by policy" }
            let text = (scope.isInForce ? ["in force"] : ["gives nothing"]) + withheld
            rows.append(
                ("scope \(scope.scope)", Cell(text.joined(separator: ", "), withheld.isEmpty ? .plain : .warning))
            )
        }
        rows += details.limits.map { limit in
            let whose = limit.isOwn ? "its own" : "its plan's"
            let text = "\(limit.used) of \(limit.limit) used, \(whose), all free at \(limit.resetsAt)"
            return ("limit \(limit.name)", Cell(text, limit.remaining == 0 ? .warning : .plain))
        }
        rows += details.addresses.map { ("used from", Cell("\($0.address), \($0.uses) times, last \($0.lastSeenAt)")) }
        rows += details.shownTo.map { viewer in
            (
                "shown to",
                Cell("\(viewer.email)\(viewer.hasLeft ? ", who left" : "")", viewer.hasLeft ? .warning : .plain)
            )
        }
        rows += details.retired.map {
            ("earlier text", Cell("\($0.prefix)…, until \($0.retiredAt), tried \($0.uses) times"))
        }
        rows += details.events.map { ("event", Cell("\($0.time) \($0.action) \($0.outcome)")) }
        return try Report(Table(details: rows), json: details)
    }

    /// What became of many.
    package static func bulk(_ lines: [BulkTokenLineResponse]) throws -> Report {
        let rows = lines.map { line in
            [
                Cell(line.name), Cell(line.status), Cell(line.outcome, line.outcome == "refused" ? .bad : .plain),
                Cell(line.message), Cell(line.id, .faint),
            ]
        }
        return try Report(Table(["name", "status", "outcome", "why", "id"], rows), list: lines)
    }

    /// A token with its text: the text alone goes to standard output, or all of it as JSON.
    static func show(_ answer: TokenSecretResponse, _ console: Console, _ output: OutputFormat) throws {
        guard output == .table else { return console.show(try Report(Table([], []), json: answer), as: .json) }
        let token = answer.token
        guard let secret = answer.secret else {
            console.note(
                "\(Cell(token.name).text): its owner collects the new text until \(token.rotationRequiredBy ?? "-")."
            )
            return
        }
        console.note("\(Cell(token.name).text) (\(token.id)), until \(token.expiresAt ?? "it is revoked").")
        if token.isBroad { console.note("One of its scopes is a wildcard; name what it needs instead.") }
        console.note("This is its text; it is not shown again:")
        console.output(secret)
    }

    private static func rows(_ token: TokenResponse) -> [(String, Cell)] {
        [
            ("id", Cell(token.id)), ("name", Cell(token.name)), ("kind", Cell(token.kind)),
            ("owner", Cell(token.owner.name ?? token.owner.id)), ("status", status(token)),
            ("description", Cell(token.description)), ("scopes", Cell(token.scopes.joined(separator: ", "))),
            ("tags", Cell(token.tags.joined(separator: ", "))),
            ("addresses", Cell(token.addresses.joined(separator: ", "))), ("serves", Cell(token.serves)),
            ("limits", Cell(limits(token.limits))), ("prefix", Cell(token.prefix + "…")),
            ("generation", Cell("\(token.generation)")),
            ("issued", Cell(token.issuedAt)), ("expires", Cell(token.expiresAt)),
            ("previous until", Cell(token.previousValidUntil)), ("rotate by", Cell(token.rotationRequiredBy)),
            ("last used", Cell(token.lastUsedAt)), ("last address", Cell(token.lastAddress)),
            ("out of policy", Cell(token.outOfPolicy.map(\.reason).joined(separator: ", "))),
            ("created", Cell(token.createdAt)), ("created by", Cell(token.createdBy.name ?? token.createdBy.id)),
            ("revoked", Cell(token.revokedAt)),
        ]
    }

    private static func limits(_ limits: TokenLimits?) -> String {
        let figures = [
            ("burst", limits?.burst), ("per minute", limits?.perMinute), ("per hour", limits?.perHour),
            ("per day", limits?.perDay), ("per month", limits?.monthlyQuota),
        ]
        return figures.compactMap { name, figure in figure.map { "\($0) \(name)" } }.joined(separator: ", ")
    }

    private static func status(_ token: TokenResponse) -> Cell {
        switch token.status {
        case "live": Cell("live", token.outOfPolicy.isEmpty && token.rotationRequiredBy == nil ? .good : .warning)
        case "revoked": Cell("revoked", .bad)
        default: Cell(token.status, .warning)
        }
    }
}
